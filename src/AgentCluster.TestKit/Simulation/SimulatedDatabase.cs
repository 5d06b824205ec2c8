using System.Collections.Immutable;
using AgentCluster.Actors;
using AgentCluster.Runtime.Store;
using AgentCluster.TestKit.Stores;

namespace AgentCluster.TestKit.Simulation;

/// <summary>The database that all simulated processes share, and the faults on the way to it.</summary>
public sealed class SimulatedDatabase
{
    private static readonly TimeSpan ClientTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestOutage = TimeSpan.FromSeconds(15);
    private readonly World _world;
    private readonly FaultPlan _plan;
    private readonly FaultCounts _counts;
    private readonly List<Sent> _sent = [];
    private TimeSpan _downUntil;
    private TimeSpan _fullUntil;

    /// <summary>Makes an empty database.</summary>
    /// <param name="world">Where it runs.</param>
    /// <param name="tables">The tables of the kinds.</param>
    /// <param name="plan">What goes wrong.</param>
    /// <param name="counts">Takes note of what did.</param>
    public SimulatedDatabase(World world, IEnumerable<RowTable> tables, FaultPlan plan, FaultCounts counts)
    {
        (_world, _plan, _counts) = (world, plan, counts);
        Data = new(tables, world.Clock);
    }

    /// <summary>What is durable now. Calls to it complete at once.</summary>
    public MemoryStore Data { get; }

    /// <summary>Whether faults may still happen.</summary>
    public bool IsHostile { get; set; } = true;

    /// <summary>Called at the moment a batch is durable, with all that was fenced left out: where invariants on what is written are checked.</summary>
    public Action<StoreBatch>? Written { get; set; }

    internal async Task<CommitResult> CommitAsync(SimulatedProcess process, IReadOnlyList<StoreBatch> batches)
    {
        _world.Guard();
        var fault = Draw();
        if (fault is Fault.Busy or Fault.Failed or Fault.Full or Fault.Refused)
        {
            await AnswerAsync(process, _world.Pass(Leg()));
            return new(Outcome(fault), [], "The simulation says so.");
        }

        var lost = fault is Fault.RequestLost or Fault.ReplyLost or Fault.Orphaned or Fault.Down;
        var effect = fault is Fault.RequestLost or Fault.Down ? null : Send(batches, Leg(fault));
        var answered = lost || effect is null ? LostAsync() : AnsweredAsync(effect);
        await AnswerAsync(process, answered);
        return await answered;
    }

    internal async Task<ShardLease> SettleAsync(SimulatedProcess process, int shard)
    {
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

    internal async Task<T> CallAsync<T>(SimulatedProcess process, Func<MemoryStore, ValueTask<T>> call)
    {
        _world.Guard();
        var fails = IsDown || Happens(Fault.ReadFails, _plan.OncePerReads);
        var called = Outside(async () =>
        {
            await _world.Pass(Leg());
            if (fails)
            {
                throw new StoreUnavailableException("The simulation says so.");
            }

            var answer = await call(Data);
            await _world.Pass(Leg());
            return answer;
        });
        await AnswerAsync(process, called);
        return await called;
    }

    internal ActorImage Damage(ActorImage image)
    {
        if (image.Snapshot is not { Payload.Length: > 0 } snapshot || !Happens(Fault.CorruptSnapshot, 3))
        {
            return image;
        }

        var payload = snapshot.Payload.ToArray();
        payload[_world.Random.Next(payload.Length)] ^= (byte)(1 << _world.Random.Next(8));
        return image with { Snapshot = snapshot with { Payload = payload } };
    }

    private static CommitOutcome Outcome(Fault? fault) => fault switch
    {
        Fault.Busy => CommitOutcome.Busy,
        Fault.Full => CommitOutcome.Full,
        Fault.Refused => CommitOutcome.Refused,
        _ => CommitOutcome.Failed,
    };

    private bool IsDown => IsHostile && _world.Clock.Elapsed < _downUntil;

    /// <summary>What goes wrong with the next commit; null when nothing does.</summary>
    private Fault? Draw()
    {
        if (!IsHostile)
        {
            return null;
        }

        if (_world.Clock.Elapsed < _downUntil)
        {
            return Fault.Down;
        }

        if (_world.Clock.Elapsed < _fullUntil)
        {
            return Fault.Full;
        }

        Fault[] possible = [.. StoreFaults.Where(_plan.On.Contains)];
        if (possible.Length == 0 || !_world.Random.Once(_plan.OncePerCommits))
        {
            return null;
        }

        var fault = possible[_world.Random.Next(possible.Length)];
        _counts.Happened(fault);
        if (fault == Fault.Down)
        {
            _downUntil = _world.Clock.Elapsed + (LongestOutage * _world.Random.NextDouble());
        }
        else if (fault == Fault.Full)
        {
            _fullUntil = _world.Clock.Elapsed + (LongestOutage * _world.Random.NextDouble());
        }

        return fault;
    }

    private bool Happens(Fault fault, int once)
    {
        var happens = IsHostile && _plan.On.Contains(fault) && _world.Random.Once(once);
        if (happens)
        {
            _counts.Happened(fault);
        }

        return happens;
    }

    /// <summary>On its way: from here on it takes effect, whoever dies.</summary>
    private Task<CommitResult> Send(IReadOnlyList<StoreBatch> batches, TimeSpan leg)
    {
        var effect = Outside(async () =>
        {
            await _world.Pass(leg);
            return Write(batches);
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
        var result = Data.Write(batches);
        _counts.Reached(result.Fenced.Count > 0 ? "fenced" : "committed");
        foreach (var batch in batches)
        {
            if (result.Outcome == CommitOutcome.Done && !result.Fenced.Contains(batch.Held.Shard))
            {
                _world.Note((ulong)batch.Held.Shard);
                _world.Note((ulong)batch.Id);
                Written?.Invoke(batch);
            }
        }

        return result;
    }

    private Task<CommitResult> LostAsync() => Outside(async () =>
    {
        await _world.Pass(ClientTimeout);
        return new CommitResult(CommitOutcome.Unknown, [], "The simulation lost the answer.");
    });

    private Task<CommitResult> AnsweredAsync(Task<CommitResult> effect) => Outside(async () =>
    {
        var result = await effect;
        await _world.Pass(Leg());
        return result;
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

    private TimeSpan Leg(Fault? fault = null) => fault switch
    {
        Fault.Slow => TimeSpan.FromSeconds(5 * _world.Random.NextDouble()),
        Fault.Orphaned => TimeSpan.FromSeconds(10 * _world.Random.NextDouble()),
        _ => _plan.LongestLeg * _world.Random.NextDouble(),
    };

    private static readonly ImmutableArray<Fault> StoreFaults =
    [
        Fault.RequestLost, Fault.ReplyLost, Fault.Orphaned, Fault.Busy, Fault.Failed, Fault.Slow, Fault.Down, Fault.Full, Fault.Refused,
    ];

    private sealed record Sent(IReadOnlyList<int> Shards, Task<CommitResult> Effect);
}
