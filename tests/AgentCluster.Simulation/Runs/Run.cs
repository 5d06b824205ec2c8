using AgentCluster.Bridge.Live;
using AgentCluster.Domain;
using AgentCluster.Runtime.Cells;
using AgentCluster.Runtime.Kinds;
using AgentCluster.Runtime.Mutants;
using AgentCluster.Simulation.Coverage;
using AgentCluster.Simulation.Mutations;
using AgentCluster.Simulation.Oracles;
using AgentCluster.Simulation.Workload;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Simulation.Runs;

/// <summary>One seed, from an empty database to the proof at the end.</summary>
internal sealed record Run(ulong Seed)
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(2);

    /// <summary>Ten times what the longest runs take: whoever takes more asks for something again at once, for ever.</summary>
    private const long MostSteps = 2_000_000;

    /// <summary>The rule of the runtime that is broken on purpose.</summary>
    public Mutant Mutant { get; init; }

    /// <summary>The rule of the domain that is broken on purpose; null for the product.</summary>
    public DomainMutant? Domain { get; init; }

    /// <summary>The rule of the store that is broken on purpose.</summary>
    public StoreMutant Store { get; init; }

    /// <summary>The rule of the live feed that is broken on purpose.</summary>
    public LiveMutant Live { get; init; }

    /// <summary>What is left out, whatever the seed draws.</summary>
    public Cut Cut { get; init; } = Cut.Nothing;

    /// <summary>Called for each thing worth telling, with the simulated time.</summary>
    public Action<TimeSpan, string>? Tell { get; init; }

    public Result Execute()
    {
        var counts = new FaultCounts();
        var result = new Result(Seed, counts);
        try
        {
            World.Run(world => PlayAsync(world, result, counts), Seed, Limit);
        }
#pragma warning disable CA1031 // Whatever ends a run is what the run found.
        catch (Exception found)
#pragma warning restore CA1031
        {
            result.Found = found as ViolationException ?? new ViolationException(
                found switch { EscapedException => "ESCAPE", InvalidOperationException => "L1 liveness", _ => "S0 crash" }, found.ToString());
        }

        return result;
    }

    private async Task PlayAsync(World world, Result result, FaultCounts counts)
    {
        var plan = result.Plan = Cut.Of(Plan.Draw(world.Random, Mutant));
        var database = new SimulatedDatabase(world, DomainTables.All, plan.Faults, counts) { Mutant = Store };
        IReadOnlyList<ActorKind> kinds = DomainMutants.Kinds(Domain);
        var fatal = new TaskCompletionSource();
        SimulatedNode node = null!;
        var audience = new Audience(world, database, () => node, counts, Seed, Mutant, Live);
        node = new SimulatedNode(world, database, plan.Node, kinds, plan.Faults.ClockRate)
        {
            Beside = audience.NodeIsUp,
            Log = new NodeLog(() => world.Clock.Elapsed, plan.Faults, Tell, violation => fatal.TrySetException(violation)),
        };
        var journal = new JournalOracle(world, counts) { Tell = Tell };
        var bounds = new BoundsOracle(node, plan.Node);
        database.Acquired = leases => Watch(() => journal.Acquired(leases));
        NodeFaults faults = new(world, database, node, plan.Faults, counts) { Tell = Tell };
        database.Written = batch =>
        {
            var wasSweeping = journal.Epics.IsSweeping;
            Watch(() => journal.Written(batch));
            if (journal.Epics.IsSweeping && !wasSweeping)
            {
                faults.Strike();
            }
        };
        var callers = new CallerOracle(
            world, database, plan.Node.Shards, journal, counts, violation => fatal.TrySetException(violation))
        { Tell = Tell };
        database.RolledBack = rollback =>
        {
            journal.RolledBack(rollback);
            callers.RolledBack(rollback);
        };
        world.AfterStep = () =>
        {
            (result.Steps, result.Trace, result.Time) = (world.Steps, world.Trace, world.Clock.Elapsed);
            Watch(bounds.Check);
            if (world.Steps == MostSteps)
            {
                fatal.TrySetException(new ViolationException("L2 rest", $"{MostSteps} steps were taken in {world.Clock.Elapsed}: something is tried again at once, for ever"));
            }
        };
        var drifts = plan.Faults.On.Contains(Fault.Drift);
        counts.Happens = fault =>
        {
            result.Pairs.Happened(fault, world.Clock.Elapsed, States(database, node, journal), drifts);
            if (fault is Fault.Crash or Fault.CrashInRecovery)
            {
                Sometimes.Crashed(counts, journal);
            }
        };
        node.Start();
        Team team = new(new(world, node, plan, callers, journal, counts));
        Forward(audience.ListenAsync(), fatal, isEnd: false);
        var done = world.Start(async () =>
        {
            var work = team.WorkAsync();
            await faults.HappenAsync(plan.Hostile);
            database.IsHostile = false;
            faults.Mend();
            await team.EndAsync(work);
            await audience.EndAsync();
            await new FinalOracle(world, database, node, plan, journal, callers, new ReplayOracle(journal, kinds, node)).CheckAsync();
        });
        var first = new TaskCompletionSource();
        Forward(fatal.Task, first);
        Forward(done, first);
        await first.Task;

        void Watch(Action check)
        {
            try
            {
                check();
            }
            catch (ViolationException violation)
            {
                fatal.TrySetException(violation);
            }
        }
    }

    private static List<State> States(SimulatedDatabase database, SimulatedNode node, JournalOracle journal)
    {
        List<State> states = [];
        Is(State.Claimed, journal.Claims.HasClaims);
        Is(State.LetterUnderWay, journal.HasLetters);
        Is(State.CommitUnderWay, database.IsCommitting);
        Is(State.OutcomeUnknown, database.IsUnsettled);
        Is(State.Recovering, node.Actors?.Shards.Any(shard => shard.Cells.Any(cell => cell.Status == CellStatus.Recovering)) == true);
        Is(State.Starting, node.IsStarting);
        Is(State.Draining, node.IsDraining);
        return states;

        void Is(State state, bool now)
        {
            if (now)
            {
                states.Add(state);
            }
        }
    }

    private static void Forward(Task from, TaskCompletionSource to, bool isEnd = true) => _ = from.ContinueWith(
        ended =>
        {
            if (ended.Exception is { } error)
            {
                to.TrySetException(error.InnerExceptions);
            }
            else if (isEnd)
            {
                to.TrySetResult();
            }
        },
        CancellationToken.None,
        TaskContinuationOptions.ExecuteSynchronously,
        TaskScheduler.Current);
}

/// <summary>What a run was, and what it found.</summary>
internal sealed class Result(ulong seed, FaultCounts counts)
{
    public ulong Seed { get; } = seed;

    public FaultCounts Counts { get; } = counts;

    public Pairs Pairs { get; } = new();

    /// <summary>What was drawn and not cut; null only when that failed.</summary>
    public Plan? Plan { get; set; }

    public ViolationException? Found { get; set; }

    public long Steps { get; set; }

    public ulong Trace { get; set; }

    public TimeSpan Time { get; set; }
}
