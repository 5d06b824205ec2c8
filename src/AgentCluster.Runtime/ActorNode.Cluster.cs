using AgentCluster.Actors;
using AgentCluster.Runtime.Asks;
using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Mutants;
using AgentCluster.Runtime.Sharding;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Runtime;

/// <remarks>One node among several: what the <see cref="Keeper"/> has it do.</remarks>
public sealed partial class ActorNode
{
    private static readonly TimeSpan HandOverWithin = TimeSpan.FromSeconds(5);
    private readonly TaskCompletionSource _askedToEnd = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the cluster wants this node to leave: whoever runs it drains it then, and ends.</summary>
    public Task AskedToEnd => _askedToEnd.Task;

    /// <summary>The cluster as this node has read it last; null for a node alone.</summary>
    public ClusterView? Cluster => _keeper?.View;

    /// <summary>Timestamp until which reads may be answered; null for a node alone, whose shards know it themselves.</summary>
    internal long? TrustedUntil => _keeper?.TrustedUntil;

    /// <summary>Where the owner of a shard is reached, when that is another node.</summary>
    internal string? AddressOf(int shard) => _keeper?.AddressOf(shard);

    /// <inheritdoc/>
    public IReadOnlyList<MemberReport> Members() => Cluster is not { } view
        ? [new(Incarnation.ToString(), "", "up", true, Held().Count, Clock.GetUtcNow() - Clock.GetElapsedTime(_startedAt), "")]
        : [.. view.Members.Select(member => new MemberReport(
            member.Incarnation.ToString(),
            member.Address,
            member.Status.ToString().ToLowerInvariant(),
            member.Incarnation == Incarnation,
            view.Owners.Count(owner => owner.Owner == member.Incarnation),
            member.JoinedAt,
            member.Version))];

    /// <inheritdoc/>
    ValueTask<IReadOnlyList<ActorReport>> IClusterInspector.ActorsAsync(int shard, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, _shards.Length);
        var found = _shards[shard];
        return new(OnLane<IReadOnlyList<ActorReport>>(
            found.Siblings,
            () => [.. found.Cells.Select(cell => cell.Report()).OrderBy(report => report.Actor.ToString(), StringComparer.Ordinal)])
            .WaitAsync(cancellationToken));
    }

    /// <inheritdoc/>
    IReadOnlyList<ShardReport> IClusterInspector.Shards()
    {
        var view = Cluster;
        var owners = view?.Owners.ToDictionary(owner => owner.Shard) ?? _shards.ToDictionary(
            shard => shard.Number, shard => new ShardOwner(shard.Number, shard.Epoch, shard.IsOwned ? Incarnation : Incarnation.None));
        return [.. _shards.Select(shard => owners.GetValueOrDefault(shard.Number) is { } found && found.Owner != Incarnation.None
            ? new ShardReport(shard.Number, found.Epoch, found.Owner.ToString(), view?.Find(found.Owner)?.Address)
            : new ShardReport(shard.Number, found.Epoch, null, null))];
    }

    /// <inheritdoc/>
    public async ValueTask<bool> LeaveAsync(string member, CancellationToken cancellationToken)
    {
        var asked = _members is { } members && Find(member) is { } who && await members.AskToLeaveAsync(who, cancellationToken);
        Changed(asked);
        return asked;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DownAsync(string member, CancellationToken cancellationToken)
    {
        var declared = _members is { } members && Find(member) is { } who && await members.DeclareDownAsync(who, counter: null, cancellationToken);
        Changed(declared);
        return declared;
    }

    /// <inheritdoc/>
    public async ValueTask<int?> RestoredAsync(CancellationToken cancellationToken)
    {
        if (_members is not { } members)
        {
            return null;
        }

        var generation = await members.BeginGenerationAsync(cancellationToken);
        Changed(isChanged: true);
        return generation;
    }

    private Incarnation? Find(string member) =>
        Cluster?.Members.FirstOrDefault(found => found.Incarnation.ToString() == member)?.Incarnation;

    private void Changed(bool isChanged)
    {
        if (isChanged)
        {
            _keeper?.Want();
            _members?.Hint();
        }
    }

    /// <summary>
    /// A command for an actor of another node. One that only reads, of a kind that is small, is answered from what the store
    /// holds: everything that was answered before is in it. The others are for the caller to take there.
    /// </summary>
    internal void AskElsewhere(Envelope envelope, Shard shard, string address)
    {
        if (!ReadsACopy(envelope))
        {
            SendElsewhere(envelope, address);
            return;
        }

        var kind = KindOf(envelope.To);
        shard.Lane.Await(shard.Siblings.Recoveries.ReadAsync(envelope.To, kind, shard.Number), (recovered, error) =>
        {
            if (error is not null)
            {
                envelope.Ask!.Fail(new ActorUnavailableException(envelope.To, Unavailable.NotReady, error.Message));
                return;
            }

            var machine = recovered!.Machine;
            machine.Decide(envelope.Command, Turn(shard.Generation));
            if (machine is { Events: 0, HasSoftEvents: false, Messages.IsEmpty: true, TimerChanges.IsEmpty: true, Missing.IsEmpty: true, Reply: { } reply })
            {
                envelope.Ask!.Reply(reply);
            }
            else
            {
                SendElsewhere(envelope, address);
            }
        });
    }

    /// <summary>Whether a copy from the store may do. Where other nodes can be asked, only what is known to read is tried on one.</summary>
    internal bool ReadsACopy(Envelope envelope) =>
        KindOf(envelope.To).Replayed && envelope.Id is null && (_router is null || envelope.Command is IReading);

    private void SendElsewhere(Envelope envelope, string address)
    {
        if (_router?.TryForward(envelope) != true)
        {
            envelope.Ask!.End(new ActorUnavailableException(envelope.To, Unavailable.NotReady, $"its node is {address}") { Elsewhere = address });
        }
    }

    internal void AskToEnd() => _askedToEnd.TrySetResult();

    /// <summary>Another node may have written to the journal.</summary>
    internal void Journaled() => _journal.Written();

    /// <summary>Shards that are owned here, as of a moment ago.</summary>
    internal HashSet<int> Held() => [.. _shards.Where(shard => shard.IsOwned).Select(shard => shard.Number)];

    /// <summary>Stops taking commands for shards, lets what is in flight settle, and releases them.</summary>
    internal async ValueTask HandOverAsync(IReadOnlyList<int> numbers)
    {
        var shards = numbers.Select(number => _shards[number]).ToList();
        if (Breaks(Mutant.KeepsWhatItHandedOver))
        {
            await Store.ReleaseAsync([.. shards.Select(Own)], CancellationToken.None);
            return;
        }

        await OnLanesAsync(shards, shard => shard.Close());
        var began = Clock.GetTimestamp();
        for (var left = shards; left.Count > 0 && Clock.GetElapsedTime(began) < HandOverWithin && !Breaks(Mutant.ReleasesUndrained);)
        {
            List<Shard> busy = [];
            await OnLanesAsync(left, shard =>
            {
                if (!shard.TryLetGo())
                {
                    lock (busy)
                    {
                        busy.Add(shard);
                    }
                }
            });
            left = busy;
            if (left.Count > 0)
            {
                await Task.Delay(DrainPoll, Clock);
            }
        }

        // What has not settled by now is fenced by the release, or was written before it: its callers hear which.
        await OnLanesAsync(shards, shard => shard.LetGo("the shard was handed to another node"));
        await Store.ReleaseAsync([.. shards.Select(Own)], CancellationToken.None);
    }

    private ShardOwner Own(Shard shard) => new(shard.Number, shard.Epoch, Incarnation);

    /// <summary>Forgets every shard, and is another incarnation from here on.</summary>
    internal async ValueTask GiveUpAsync(string why)
    {
        if (!Breaks(Mutant.KeepsShardsWhenDown))
        {
            await OnLanesAsync(_shards, shard => shard.LetGo(why));
        }

        Incarnation = new(Random.NextId());
    }

    private async ValueTask OnLanesAsync(IReadOnlyList<Shard> shards, Action<Shard> change)
    {
        foreach (var lane in _lanes)
        {
            Shard[] own = [.. shards.Where(shard => shard.Siblings == lane)];
            await OnLane(lane, () =>
            {
                Array.ForEach(own, change);
                return true;
            });
        }
    }
}
