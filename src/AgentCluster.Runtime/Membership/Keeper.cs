using AgentCluster.Actors;
using AgentCluster.Runtime.Mutants;
using AgentCluster.Runtime.Routing;
using AgentCluster.Runtime.Store;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Runtime.Membership;

/// <summary>
/// Keeps one node in the cluster: renews its lease, watches the others, takes the shards that are its own and hands over those that
/// are not, and brings letters between nodes.
/// </summary>
/// <remarks>
/// <para>
/// The protocol. A node is a row with a random incarnation and a counter, which it counts on several times a lease. It trusts its
/// lease for nine tenths of it, counted on its own clock from before it asked for the renewal. Whoever has seen the counter stand
/// still for a whole lease, on its own clock too, declares the member down; the store does so only if the counter has still not
/// moved. Clocks may differ by any amount, and run at rates that differ by a few per cent. Down is final: the node notices at its next
/// renewal, gives everything up and joins again as another incarnation.
/// </para>
/// <para>
/// A shard belongs to the member that <see cref="Rendezvous"/> names. Its owner hands it over: takes no more commands for it, lets what is
/// in flight settle, and releases it; then the next owner takes it, epoch + 1. A dead owner's shards are taken at once. None of this
/// is needed for the promise that there is one writer: that is kept by the fence in each commit.
/// </para>
/// </remarks>
internal sealed class Keeper
{
    private const int RenewalsALease = 6;
    private const double Trusted = 0.9;
    private const int LettersAtOnce = 1_000;
    private static readonly TimeSpan BetweenPosts = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan AfterPost = TimeSpan.FromSeconds(0.05);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(0.5);

    private readonly ActorNode _node;
    private readonly IMembers _members;
    private readonly MembershipOptions _options;
    private Watch _watch;
    private TaskCompletionSource _wanted;
    private TaskCompletionSource _written;
    private ClusterView? _view;
    private ClusterView? _wantedAfter;
    private long _trustedUntil;
    private volatile bool _stopped;

    public Keeper(ActorNode node, IMembers members, MembershipOptions options)
    {
        (_node, _members, _options) = (node, members, options);
        _watch = new(node.Clock, options.Lease);
        (_wanted, _written) = (new(node.Answers), new(node.Answers));
    }

    /// <summary>As it was read last; null before the first time.</summary>
    public ClusterView? View
    {
        get => Volatile.Read(ref _view);
        private set
        {
            Volatile.Write(ref _view, value);
            if (value is not null)
            {
                Router?.Saw(value);
            }
        }
    }

    /// <summary>Where other nodes send messages to; empty for nowhere.</summary>
    public string PeerAddress { get; init; } = "";

    /// <summary>Told whenever the cluster was read; null where there is no transport.</summary>
    public Router? Router { get; set; }

    /// <summary>Timestamp until which reads may be answered.</summary>
    public long TrustedUntil => Volatile.Read(ref _trustedUntil);

    /// <summary>Where the owner of a shard is reached; null when it is not known, or is this node.</summary>
    public string? AddressOf(int shard)
    {
        if (View is not { } view)
        {
            return null;
        }

        // What is on its way to another is asked of that one soon: its present owner would only send the caller back.
        var owner = view.Owners.FirstOrDefault(found => found.Shard == shard).Owner;
        return owner != _node.Incarnation && view.Find(owner) is { Status: not MemberStatus.Down } member ? member.Address : null;
    }

    /// <summary>Enters the cluster and takes what is free. Others are watched for a whole lease before anything of theirs is taken.</summary>
    /// <exception cref="StoreUnavailableException">The store does not answer.</exception>
    public async ValueTask JoinAsync(CancellationToken cancellationToken)
    {
        await _members.JoinAsync(Self(), cancellationToken);
        await StepAsync();
        _node.Log.Joined(_node.Incarnation, _options.Address, (View?.Members.Count ?? 1) - 1);
    }

    /// <summary>Goes on until <see cref="StopAsync"/>.</summary>
    public void Start()
    {
        _members.Listen(Want, () => Volatile.Read(ref _written).TrySetResult());
        Keep();
        Deliver();
    }

    /// <summary>Has the next step made at once: a shard was lost.</summary>
    public void Want() => Volatile.Read(ref _wanted).TrySetResult();

    /// <summary>As <see cref="Want()"/>, because what was read last proved wrong; once for each reading.</summary>
    /// <param name="seen">What proved wrong.</param>
    public void Want(ClusterView? seen)
    {
        if (seen is not null && Interlocked.Exchange(ref _wantedAfter, seen) != seen)
        {
            Want();
        }
    }

    /// <summary>Leaves for good, after the shards have been released: others need not wait for a lease to end.</summary>
    public async ValueTask StopAsync()
    {
        _stopped = true;
        Want();
        Volatile.Read(ref _written).TrySetResult();
        await _members.DeclareDownAsync(_node.Incarnation, counter: null, CancellationToken.None);
        _members.Hint();
    }

    private Member Self() => new(_node.Incarnation, _options.Address, 1, MemberStatus.Up, _node.Clock.GetUtcNow(), _options.Version) { PeerAddress = PeerAddress };

    private async void Keep()
    {
        while (!_stopped)
        {
            var pause = _options.Lease / RenewalsALease;
            try
            {
                await PauseAsync(_wanted.Task, pause);
                Renew(ref _wanted);
                if (!_stopped)
                {
                    await StepAsync();
                }
            }
            catch (StoreUnavailableException away)
            {
                _node.Log.RenewalFailed(away.Message);
                await Task.Delay(AfterFailure, _node.Clock);
                Want();
            }
#pragma warning disable CA1031 // Nobody awaits this; a bug must be seen, and must not end the lease for good.
            catch (Exception bug)
#pragma warning restore CA1031
            {
                _node.Log.KeepingFailed(bug);
                await Task.Delay(AfterFailure, _node.Clock);
            }
        }
    }

    private async void Deliver()
    {
        while (!_stopped)
        {
            try
            {
                if (await PauseAsync(_written.Task, BetweenPosts))
                {
                    Renew(ref _written);
                    _node.Journaled();
                }

                if (View is { Members.Count: > 1 })
                {
                    await PostAsync();
                    await Task.Delay(AfterPost, _node.Clock);
                }
            }
            catch (StoreUnavailableException)
            {
                // The renewal says so; letters wait where they are.
                await Task.Delay(AfterFailure, _node.Clock);
            }
#pragma warning disable CA1031 // Nobody awaits this; a letter that cannot be read must not keep the others.
            catch (Exception bug)
#pragma warning restore CA1031
            {
                _node.Log.KeepingFailed(bug);
                await Task.Delay(AfterFailure, _node.Clock);
            }
        }
    }

    private async ValueTask StepAsync()
    {
        var askedAt = _node.Clock.GetTimestamp();
        var view = await _members.RenewAsync(_node.Incarnation, CancellationToken.None);
        if (view is null)
        {
            await RejoinAsync();
            return;
        }

        var answeredAt = _node.Clock.GetTimestamp();
        if (View is { } before && before.Generation < view.Generation && !_node.Breaks(Mutant.IgnoresGenerations))
        {
            // The store was put back: shards that nothing is written to would answer from the lost past for ever, and counters may
            // stand again where they stood when they were looked at.
            await _node.SupersedeAsync(view.Generation);
            _watch = new(_node.Clock, _options.Lease);
        }

        var trustedFrom = _node.Breaks(Mutant.TrustsFromTheAnswer) ? answeredAt : askedAt;
        Volatile.Write(ref _trustedUntil, trustedFrom + (long)(_options.Lease.TotalSeconds * Trusted * _node.Clock.TimestampFrequency));
        View = view;

        Member[] others = [.. view.Members.Where(member => member.Incarnation != _node.Incarnation)];
        var (asked, answered) = _node.Breaks(Mutant.WatchesByWallClock) ? (_node.Clock.GetUtcNow().Ticks, _node.Clock.GetUtcNow().Ticks) : (askedAt, answeredAt);
        foreach (var still in _watch.StandingStill(others, asked, answered))
        {
            if (await _members.DeclareDownAsync(still.Incarnation, still.Counter, CancellationToken.None))
            {
                _node.Log.Down(still.Incarnation, still.Address, _options.Lease);
                view = view with { Members = [.. view.Members.Select(member => member == still ? still with { Status = MemberStatus.Down } : member)] };
            }
        }

        if (view.Find(_node.Incarnation) is { Status: MemberStatus.Leaving })
        {
            _node.AskToEnd();
        }

        await FollowAsync(Plan.Of(view, _node.Incarnation, _node.Held(), _node.Shards.Count, _node.Options.Mutant), view.Generation, askedAt);
    }

    private async ValueTask FollowAsync(Plan plan, int generation, long askedAt)
    {
        if (plan.Take.Count > 0)
        {
            var leases = await _members.TakeAsync(plan.Take, generation, _node.Incarnation, CancellationToken.None);
            if (leases.Count > 0)
            {
                await _node.InstallAsync(leases, askedAt, CancellationToken.None);
                _node.Log.Took(leases.Count);
                View = Owned(leases);
                _members.Hint();
            }
        }

        if (plan.GiveBack.Count > 0)
        {
            await _node.Store.ReleaseAsync(plan.GiveBack, CancellationToken.None);
            _members.Hint();
        }

        if (plan.HandOver.Count > 0)
        {
            await _node.HandOverAsync(plan.HandOver);
            _node.Log.HandedOver(plan.HandOver.Count);
            _members.Hint();
        }
    }

    private ClusterView Owned(IReadOnlyList<ShardLease> leases)
    {
        var taken = leases.ToDictionary(lease => lease.Shard);
        return View! with
        {
            Owners =
            [
                .. View.Owners.Where(owner => !taken.ContainsKey(owner.Shard))
                    .Concat(leases.Select(lease => new ShardOwner(lease.Shard, lease.Epoch, lease.Owner)))
                    .OrderBy(owner => owner.Shard),
            ],
        };
    }

    private async ValueTask RejoinAsync()
    {
        Volatile.Write(ref _trustedUntil, 0);
        _node.Log.DeclaredDown(_node.Incarnation);
        View = null;
        await _node.GiveUpAsync("this node was declared down");
        _watch = new(_node.Clock, _options.Lease);
        await _members.JoinAsync(Self(), CancellationToken.None);
        Want();
    }

    private async ValueTask PostAsync()
    {
        int[] owned = [.. _node.Held().Order()];
        var post = await _members.ReadPostAsync(owned, LettersAtOnce, CancellationToken.None);
        foreach (var taken in post.Taken)
        {
            _node.Acknowledged(taken.From, taken.To, taken.Number, post.Generation);
        }

        foreach (var letter in post.Letters)
        {
            _node.Send(new(letter.From, letter.Number, letter.Name, letter.Payload, post.Generation), letter.To);
        }
    }

    /// <summary>Whether <paramref name="awaited"/> ended before the pause did.</summary>
    private async ValueTask<bool> PauseAsync(Task awaited, TimeSpan pause)
    {
        try
        {
            await awaited.WaitAsync(pause, _node.Clock);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private void Renew(ref TaskCompletionSource source)
    {
        if (Volatile.Read(ref source).Task.IsCompleted)
        {
            Volatile.Write(ref source, new(_node.Answers));
        }
    }
}
