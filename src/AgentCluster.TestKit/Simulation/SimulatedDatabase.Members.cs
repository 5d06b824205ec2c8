using AgentCluster.Actors;
using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Store;
using AgentCluster.TestKit.Stores;

namespace AgentCluster.TestKit.Simulation;

/// <remarks>The nodes that share it, and what they are told.</remarks>
public sealed partial class SimulatedDatabase
{
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);
    private readonly List<Listener> _listeners = [];

    /// <summary>Called at the moment a node has become a member.</summary>
    internal Action<Member>? Joined { get; set; }

    /// <summary>Called at the moment a renewal has counted on.</summary>
    internal Action<Incarnation>? Renewed { get; set; }

    /// <summary>Called when a renewal's answer has arrived.</summary>
    internal Action<Incarnation, ClusterView>? Viewed { get; set; }

    /// <summary>Called at the moment a member is down: who, and by whose word.</summary>
    internal Action<Incarnation, Word>? Declared { get; set; }

    /// <summary>Called when a member asks for shards; what it returns is called at the moment they are taken, with their leases before and after.</summary>
    internal Func<Incarnation, Action<IReadOnlyList<ShardLease>, IReadOnlyList<ShardLease>>>? Taking { get; set; }

    /// <summary>
    /// A call that changes members or owners. Its answer may be lost, and then it has taken effect, or will, or never will: whoever
    /// called only knows that it does not know.
    /// </summary>
    /// <param name="process">Who calls.</param>
    /// <param name="change">What it does; done again when the database is put back.</param>
    /// <param name="watch">Called right before it is done; what it returns is called right after.</param>
    /// <param name="isRenewal">Whether it only counts on.</param>
    internal Task<T> MemberAsync<T>(
        SimulatedProcess process,
        Func<MemoryStore, ValueTask<T>> change,
        Func<MemoryStore, Action<T>>? watch = null,
        bool isRenewal = false)
    {
        _world.Guard();
        return process.IsCutOff || !Faults.LosesMemberCall()
            ? CallAsync(process, _ => RememberedAsync(change, watch, isRenewal))
            : LostAsync(process, () => RememberedAsync(change, watch, isRenewal));
    }

    private async Task<T> LostAsync<T>(SimulatedProcess process, Func<ValueTask<T>> change)
    {
        if (!_world.Random.Once(3))
        {
            var late = Faults.Leg(_world.Random.Once(2) ? Fault.Orphaned : null);
            _ = Outside(async () =>
            {
                await _world.Pass(late);
                return await change();
            });
        }

        var lost = Outside<T>(async () =>
        {
            await _world.Pass(ClientTimeout);
            throw new StoreUnavailableException("The simulation lost the answer.");
        });
        await AnswerAsync(process, lost);
        return await lost;
    }

    /// <summary>An answer that comes after longer than a lease, and is the last for a while.</summary>
    internal async Task DelayAsync(SimulatedProcess process)
    {
        if (!Faults.SlowsRenewal())
        {
            return;
        }

        await _world.Pass(LongestDelay * _world.Random.NextDouble());
        if (IsHostile)
        {
            process.IsCutOff = true;
            _ = Outside(async () =>
            {
                await _world.Pass(LongestDelay * (0.5 + _world.Random.NextDouble()));
                return process.IsCutOff = false;
            });
        }
    }

    /// <summary>Shards have been taken over.</summary>
    internal void TookOver(
        IReadOnlyList<ShardLease> before, IReadOnlyList<ShardLease> taken, Action<IReadOnlyList<ShardLease>, IReadOnlyList<ShardLease>>? told)
    {
        var shards = taken.Select(lease => lease.Shard).ToHashSet();
        _unsettled.ExceptWith(shards);
        told?.Invoke([.. before.Where(lease => shards.Contains(lease.Shard))], taken);
        Acquired?.Invoke(taken);
    }

    internal void Listen(SimulatedProcess process, Action changed, Action written) => _listeners.Add(new(process, changed, written));

    /// <summary>Hints go to whoever lives, some time later, and some are lost.</summary>
    internal void Tell(Func<Listener, Action> which)
    {
        _listeners.RemoveAll(listener => listener.Process.IsDead);
        foreach (var listener in _listeners)
        {
            var hint = which(listener);
            if (!Faults.LosesHint() && listener.Begin(hint))
            {
                _ = TellAsync(listener, hint);
            }
        }
    }

    private async Task TellAsync(Listener listener, Action hint)
    {
        await _world.Pass(Faults.Leg());
        listener.End(hint);
        if (!listener.Process.IsCutOff)
        {
            _ = listener.Process.Start(() =>
            {
                hint();
                return Task.CompletedTask;
            });
        }
    }

    private async ValueTask<T> RememberedAsync<T>(
        Func<MemoryStore, ValueTask<T>> change, Func<MemoryStore, Action<T>>? watch = null, bool isRenewal = false)
    {
        _commits.Add(new(again => _ = change(again).AsTask(), [], isRenewal));
        var watched = watch?.Invoke(Data);
        var answer = await change(Data);
        watched?.Invoke(answer);
        return answer;
    }

    /// <summary>Whether the fence has stopped one who was declared down and knows nothing of it.</summary>
    private void CountRefused(IReadOnlyList<StoreBatch> batches, CommitResult result)
    {
        if (result.Fenced.Count > 0 && batches.Any(batch =>
            result.Fenced.Contains(batch.Held.Shard) && Data.Members.Any(member =>
                member.Incarnation == batch.Held.Owner && member.Status == MemberStatus.Down)))
        {
            _counts.Reached("zombie refused");
        }
    }

    /// <summary>Who says that a member is down.</summary>
    internal enum Word
    {
        /// <summary>One that has watched its counter stand still.</summary>
        Watcher,

        /// <summary>An operator.</summary>
        Operator,

        /// <summary>It leaves.</summary>
        Own,
    }

    /// <summary>A process that wants to hear; of several hints of one sort at a time it gets one.</summary>
    internal sealed record Listener(SimulatedProcess Process, Action Changed, Action Written)
    {
        private readonly HashSet<Action> _onTheWay = [];

        public bool Begin(Action hint) => _onTheWay.Add(hint);

        public void End(Action hint) => _onTheWay.Remove(hint);
    }
}
