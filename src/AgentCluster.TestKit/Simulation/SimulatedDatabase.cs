using AgentCluster.Actors;
using AgentCluster.Runtime.Store;
using AgentCluster.TestKit.Stores;

namespace AgentCluster.TestKit.Simulation;

/// <summary>The database that all simulated processes share, and the faults on the way to it.</summary>
public sealed partial class SimulatedDatabase
{
    private static readonly TimeSpan ClientTimeout = TimeSpan.FromSeconds(2);
    private readonly World _world;
    private readonly FaultCounts _counts;
    private readonly List<Sent> _sent = [];
    private readonly List<Commit> _commits = [];
    private readonly IReadOnlyList<RowTable> _tables;
    private readonly HashSet<int> _unsettled = [];

    /// <summary>Makes an empty database.</summary>
    /// <param name="world">Where it runs.</param>
    /// <param name="tables">The tables of the kinds.</param>
    /// <param name="plan">What goes wrong.</param>
    /// <param name="counts">Takes note of what did.</param>
    public SimulatedDatabase(World world, IEnumerable<RowTable> tables, FaultPlan plan, FaultCounts counts)
    {
        (_world, _counts, _tables) = (world, counts, [.. tables]);
        Faults = new(world, plan, counts);
        Data = new(_tables, world.Clock);
    }

    /// <summary>What is durable now. Calls to it complete at once.</summary>
    public MemoryStore Data { get; private set; }

    /// <summary>Counts rollbacks, from 1. Leases of an older generation are fenced.</summary>
    public int Generation { get; private set; } = 1;

    /// <summary>Whether faults may still happen.</summary>
    public bool IsHostile
    {
        get => Faults.IsOn;
        set => Faults.IsOn = value;
    }

    /// <summary>How much longer than usual a commit that is sent now takes to get here.</summary>
    public TimeSpan CommitsTake { get; set; }

    /// <summary>Called at the moment a batch is durable, with all that was fenced left out: where invariants on what is written are checked.</summary>
    public Action<StoreBatch>? Written { get; set; }

    /// <summary>Called when the last commits have been lost: where invariants forget what has not happened any more.</summary>
    public Action<Rollback>? RolledBack { get; set; }

    /// <summary>
    /// Loses the last commits, as in a failover to a standby that lagged, or a restore from a backup. Everybody who owned a
    /// shard is fenced from here on; what is on its way takes effect, or is fenced, afterwards.
    /// </summary>
    /// <param name="commits">How many, renewals not counted; all when there are not so many.</param>
    public void RollBack(int commits)
    {
        var from = _commits.Count;
        for (var left = commits; left > 0 && from > 0;)
        {
            left -= _commits[--from].IsRenewal ? 0 : 1;
        }

        Commit[] lost = [.. _commits.Skip(from)];
        _commits.RemoveRange(from, lost.Length);
        Data = new(_tables, _world.Clock);
        foreach (var commit in _commits)
        {
            commit.Again(Data);
        }

        var generation = ++Generation;
        Happen(new(data => data.Raise(generation), []));
        _counts.Happened(Fault.Rollback);
        RolledBack?.Invoke(new(
            generation, [.. _commits.SelectMany(commit => commit.Written)], [.. lost.SelectMany(commit => commit.Written)]));
    }

    /// <summary>Called at the moment a process has acquired shards.</summary>
    internal Action<IReadOnlyList<ShardLease>>? Acquired { get; set; }

    /// <summary>What goes wrong on the way to it.</summary>
    internal StoreFaults Faults { get; }

    /// <summary>The rule of the store that is broken on purpose.</summary>
    internal StoreMutant Mutant { get; init; }

    /// <summary>Whether a commit is on its way; its sender may be dead.</summary>
    internal bool IsCommitting => _sent.Count > 0;

    /// <summary>Whether a commit's answer was lost, and its shard neither asked, written nor acquired since.</summary>
    internal bool IsUnsettled => _unsettled.Count > 0;

    internal Task<IReadOnlyList<ShardLease>> AcquireAsync(SimulatedProcess process, IReadOnlyList<int> shards, Incarnation owner) =>
        CallAsync(process, async data =>
        {
            _commits.Add(new(again => _ = again.AcquireAsync(shards, owner, CancellationToken.None).AsTask(), []));
            var leases = await data.AcquireAsync(shards, owner, CancellationToken.None);
            _unsettled.ExceptWith(shards);
            Acquired?.Invoke(leases);
            return leases;
        });

    internal async Task<CommitResult> CommitAsync(SimulatedProcess process, IReadOnlyList<StoreBatch> batches)
    {
        _world.Guard();
        var fault = process.IsCutOff ? Fault.RequestLost : Faults.OfCommit();
        if (fault is Fault.Busy or Fault.Failed or Fault.Full or Fault.Refused)
        {
            await AnswerAsync(process, _world.Pass(Faults.Leg()));
            return new(StoreFaults.Outcome(fault), [], "The simulation says so.");
        }

        var lost = fault is Fault.RequestLost or Fault.ReplyLost or Fault.Orphaned or Fault.Down;
        var (there, back) = fault == Fault.Slow && _world.Random.Once(2) ? (Faults.Leg(), Faults.Leg(fault)) : (Faults.Leg(fault), Faults.Leg());
        var effect = fault is Fault.RequestLost or Fault.Down ? null : Send(batches, there + CommitsTake);
        if (lost)
        {
            _unsettled.UnionWith(batches.Select(batch => batch.Held.Shard));
        }

        var answered = lost || effect is null ? LostAsync() : AnsweredAsync(process, effect, batches, back);
        await AnswerAsync(process, answered);
        return await answered;
    }

    internal async Task<ShardLease> SettleAsync(SimulatedProcess process, int shard)
    {
        _world.Guard();
        // Under the row's lock: what was sent to this shard before has ended when this reads.
        var before = _sent.Where(sent => sent.Shards.Contains(shard)).Select(sent => sent.Effect).ToArray();
        return await CallAsync(process, async data =>
        {
            foreach (var effect in before)
            {
                await effect;
            }

            return await data.SettleAsync(shard, CancellationToken.None);
        });
    }

    /// <summary>A projection's commit, whose answer may be lost like any other's.</summary>
    internal async Task<bool> ProjectAsync(SimulatedProcess process, ProjectionBatch batch)
    {
        var isWritten = await ChangeAsync(process, data => data.ProjectAsync(batch, CancellationToken.None));
        return Faults.LosesAnswer() ? throw new StoreUnavailableException("The simulation lost the answer.") : isWritten;
    }

    /// <summary>A call that changes more than a batch of events and rows: it is lost in a rollback like any commit.</summary>
    internal Task<T> ChangeAsync<T>(SimulatedProcess process, Func<MemoryStore, ValueTask<T>> change) =>
        CallAsync(process, _ => RememberedAsync(change));

    internal async Task<T> CallAsync<T>(SimulatedProcess process, Func<MemoryStore, ValueTask<T>> call)
    {
        _world.Guard();
        var fails = process.IsCutOff || Faults.FailsCall();
        var slow = Faults.LegOfCall();
        var (there, back) = _world.Random.Once(2) ? (slow, Faults.Leg()) : (Faults.Leg(), slow);
        var called = Outside(async () =>
        {
            await _world.Pass(there);
            if (fails)
            {
                throw new StoreUnavailableException("The simulation says so.");
            }

            var answer = await call(Data);
            await _world.Pass(back);
            return process.IsCutOff ? throw new StoreUnavailableException("The simulation has cut the connection.") : answer;
        });
        await AnswerAsync(process, called);
        return await called;
    }

    /// <summary>On its way: from here on it takes effect, whoever dies.</summary>
    private Task<CommitResult> Send(IReadOnlyList<StoreBatch> batches, TimeSpan leg)
    {
        var effect = Outside(async () =>
        {
            if (Mutant != StoreMutant.ChecksThenWrites)
            {
                await _world.Pass(leg);
                return Write(batches);
            }

            // Two statements, each with its share of the way: whoever comes between them is overwritten.
            await _world.Pass(leg / 2);
            int[] fenced = [.. batches.Where(batch => Lease(batch) != batch.Held).Select(batch => batch.Held.Shard)];
            await _world.Pass(leg / 2);
            return Write([.. batches.Where(batch => !fenced.Contains(batch.Held.Shard))]) is { Outcome: CommitOutcome.Done } done
                ? done with { Fenced = fenced }
                : new(CommitOutcome.Failed, [], "The simulation could not write it.");
        });
        var sent = new Sent([.. batches.Select(batch => batch.Held.Shard)], effect);
        _sent.Add(sent);
        _ = Outside(async () =>
        {
            await effect;
            return _sent.Remove(sent);
        });
        return effect;
    }

    private CommitResult Write(IReadOnlyList<StoreBatch> batches)
    {
        StoreBatch[] weak = [.. batches.Select(batch => Mutant == StoreMutant.None ? batch : batch with { Held = Weak(batch) })];
        Data.FencesByEpochOnly = Mutant == StoreMutant.ComparesEpochOnly;
        var result = Data.Write(weak);
        _counts.Reached(result.Fenced.Count > 0 ? "fenced" : "committed");
        CountRefused(batches, result);
        if (result.Outcome != CommitOutcome.Done)
        {
            return result;
        }

        StoreBatch[] written = [.. batches.Where(batch => !result.Fenced.Contains(batch.Held.Shard))];
        _commits.Add(new(again => again.Write([.. weak.Where(batch => !result.Fenced.Contains(batch.Held.Shard))]), written));
        foreach (var batch in written)
        {
            _world.Note((ulong)batch.Held.Shard);
            _world.Note((ulong)batch.Id);
            Written?.Invoke(batch);
        }

        Tell(listener => listener.Written);
        return result;
    }

    /// <summary>The lease that a broken store takes a batch to hold.</summary>
    private ShardLease Weak(StoreBatch batch) => Mutant switch
    {
        StoreMutant.IgnoresEpoch => Lease(batch) with { Sequence = batch.Held.Sequence },
        StoreMutant.IgnoresLease or StoreMutant.ChecksThenWrites => Lease(batch),
        _ => batch.Held,
    };

    private ShardLease Lease(StoreBatch batch) => Data.SettleAsync(batch.Held.Shard, CancellationToken.None).AsTask().Result;

    private Task<CommitResult> LostAsync() => Outside(async () =>
    {
        await _world.Pass(ClientTimeout);
        return new CommitResult(CommitOutcome.Unknown, [], "The simulation lost the answer.");
    });

    private Task<CommitResult> AnsweredAsync(
        SimulatedProcess process, Task<CommitResult> effect, IReadOnlyList<StoreBatch> batches, TimeSpan back) => Outside(async () =>
    {
        var result = await effect;
        _unsettled.ExceptWith(batches.Select(batch => batch.Held.Shard));
        await _world.Pass(back);
        return process.IsCutOff ? await LostAsync() : result;
    });

    /// <summary>Runs what happens in the network and the database: no process can stop it.</summary>
    private Task<T> Outside<T>(Func<Task<T>> happens) => Task.Factory
        .StartNew(happens, CancellationToken.None, TaskCreationOptions.None, _world).Unwrap();

    /// <summary>Comes back to the process, unless it is dead by then.</summary>
    private static async Task AnswerAsync(SimulatedProcess process, Task outside)
    {
        var arrived = new TaskCompletionSource();
        _ = outside.ContinueWith(
            _ => process.Start(() =>
            {
                arrived.TrySetResult();
                return Task.CompletedTask;
            }),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            process);
        await arrived.Task;
    }

    private void Happen(Commit commit)
    {
        _commits.Add(commit);
        commit.Again(Data);
    }

    private sealed record Sent(IReadOnlyList<int> Shards, Task<CommitResult> Effect);

    /// <summary>One commit, so that a database without the last ones can be made.</summary>
    private sealed record Commit(Action<MemoryStore> Again, IReadOnlyList<StoreBatch> Written, bool IsRenewal = false);
}

/// <summary>The database lost its last commits.</summary>
/// <param name="Generation">The one that begins.</param>
/// <param name="Kept">All batches that are durable still, oldest first.</param>
/// <param name="Lost">Those that are not, oldest first; whoever was answered for them was answered in vain.</param>
public sealed record Rollback(int Generation, IReadOnlyList<StoreBatch> Kept, IReadOnlyList<StoreBatch> Lost);
