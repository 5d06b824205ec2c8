using AgentCluster.Domain;
using AgentCluster.Runtime.Kinds;
using AgentCluster.Runtime.Mutants;
using AgentCluster.Simulation.Mutations;
using AgentCluster.Simulation.Oracles;
using AgentCluster.Simulation.Workload;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Simulation.Runs;

/// <summary>One seed, from an empty database to the proof at the end.</summary>
internal sealed record Run(ulong Seed)
{
    private static readonly TimeSpan Limit = TimeSpan.FromHours(2);

    /// <summary>The rule of the runtime that is broken on purpose.</summary>
    public Mutant Mutant { get; init; }

    /// <summary>The rule of the domain that is broken on purpose; null for the product.</summary>
    public DomainMutant? Domain { get; init; }

    /// <summary>Faults that are left out, whatever the seed draws.</summary>
    public IReadOnlyList<Fault> Without { get; init; } = [];

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
                found is InvalidOperationException ? "L1 liveness" : "S0 crash", found.ToString());
        }

        return result;
    }

    private async Task PlayAsync(World world, Result result, FaultCounts counts)
    {
        var drawn = Plan.Draw(world.Random, Mutant);
        var plan = drawn with { Faults = drawn.Faults.Without(Without) };
        result.Plan = plan.ToString();
        var database = new SimulatedDatabase(world, DomainTables.All, plan.Faults, counts);
        IReadOnlyList<ActorKind> kinds = DomainMutants.Kinds(Domain);
        var fatal = new TaskCompletionSource();
        var node = new SimulatedNode(world, database, plan.Node, kinds, plan.Faults.ClockRate)
        {
            Log = new NodeLog(() => world.Clock.Elapsed, Tell, violation => fatal.TrySetException(violation)),
        };
        var journal = new JournalOracle(world, counts) { Tell = Tell };
        database.Written = batch =>
        {
            try
            {
                journal.Written(batch);
            }
            catch (ViolationException violation)
            {
                fatal.TrySetException(violation);
            }
        };
        var callers = new CallerOracle(
            world, database, plan.Node.Shards, journal, counts, violation => fatal.TrySetException(violation)) { Tell = Tell };
        database.RolledBack = rollback =>
        {
            journal.RolledBack(rollback);
            callers.RolledBack(rollback);
        };
        world.AfterStep = () =>
        {
            (result.Steps, result.Trace, result.Time) = (world.Steps, world.Trace, world.Clock.Elapsed);
        };
        node.Start();
        var team = new Team(world, node, plan, callers, journal, counts);
        var done = world.Start(async () =>
        {
            var work = team.WorkAsync();
            await new NodeFaults(world, database, node, plan.Faults, counts) { Tell = Tell }.HappenAsync(plan.Hostile);
            database.IsHostile = false;
            await team.EndAsync(work);
            await new FinalOracle(world, database, node, plan, journal, callers).CheckAsync();
        });
        var first = new TaskCompletionSource();
        Forward(fatal.Task, first);
        Forward(done, first);
        await first.Task;
    }

    private static void Forward(Task from, TaskCompletionSource to) => _ = from.ContinueWith(
        ended =>
        {
            if (ended.Exception is { } error)
            {
                to.TrySetException(error.InnerExceptions);
            }
            else
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

    public string Plan { get; set; } = "";

    public ViolationException? Found { get; set; }

    public long Steps { get; set; }

    public ulong Trace { get; set; }

    public TimeSpan Time { get; set; }
}
