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
        var plan = result.Plan = Cut.Of(Plan.Draw(world.Random, Mutant).With(Seed));
        var database = new SimulatedDatabase(world, DomainTables.All, plan.Faults, counts) { Mutant = Store };
        IReadOnlyList<ActorKind> kinds = DomainMutants.Kinds(Domain, plan.Features.Contains(Feature.Reservations));
        var fatal = new TaskCompletionSource();
        var network = plan.Network is not var (breaks, strays) ? null : new SimulatedNetwork(world, new SeededRandom(Seed ^ 0x6C696E6B, world.Guard))
        {
            BreaksOncePer = breaks,
            StraysOncePer = strays,
            LongestLeg = plan.Faults.LongestLeg,
            Reached = counts.Reached,
        };
        var audience = new Audience(world, database, counts, Seed, Mutant, Live);
        var cluster = new SimulatedCluster(world, [.. Enumerable.Range(1, plan.Nodes.Count).Select(Node)]);
        var members = new MemberOracle(world, database, cluster, plan, counts);
        var journal = new JournalOracle(world, counts, members) { Tell = Tell };
        var bounds = new BoundsOracle(cluster, plan.Node);
        database.Acquired = leases => Watch(() => journal.Acquired(leases));
        database.Joined = members.Joined;
        database.Renewed = member => Watch(() => members.Renewed(member));
        database.Viewed = members.Viewed;
        database.Declared = (member, by) => Watch(() => members.Declared(member, by));
        database.Taking = member =>
        {
            var taken = members.Taking(member);
            return (before, after) => Watch(() => taken(before, after));
        };
        NodeFaults[] faults = [.. cluster.Nodes.Select(node => new NodeFaults(world, database, cluster, node, plan.Faults, counts) { Tell = Tell })];
        database.Written = batch =>
        {
            var wasSweeping = journal.Epics.IsSweeping;
            Watch(() => journal.Written(batch));
            if (journal.Epics.IsSweeping && !wasSweeping)
            {
                faults[0].Strike();
            }
        };
        var callers = new CallerOracle(
            world, database, plan.Node.Shards, journal, members, counts, violation => fatal.TrySetException(violation))
        { Tell = Tell };
        database.RolledBack = rollback =>
        {
            journal.RolledBack(rollback);
            members.RolledBack();
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
            result.Pairs.Happened(fault, world.Clock.Elapsed, States(database, cluster, journal), drifts);
            if (fault is Fault.Crash or Fault.CrashInRecovery)
            {
                Sometimes.Crashed(counts, journal);
            }
        };
        foreach (var node in cluster.Nodes)
        {
            node.Start();
        }

        Team team = new(new(world, cluster, plan, callers, journal, counts));
        Forward(audience.ListenAsync(cluster), fatal, isEnd: false);
        var done = world.Start(async () =>
        {
            var work = team.WorkAsync();
            var onTheNetwork = network?.HappenAsync([.. cluster.Nodes.Select(node => node.Membership!.Address)], plan.Hostile) ?? Task.CompletedTask;
            await HappenAsync(faults, plan.Hostile);
            await onTheNetwork;
            Array.ForEach(faults, fault => fault.End());
            database.IsHostile = false;
            Array.ForEach(faults, fault => fault.Mend());
            await members.EndAsync();
            await team.EndAsync(work);
            await audience.EndAsync();
            await new FinalOracle(world, database, cluster, plan, journal, callers, new ReplayOracle(journal, kinds, cluster)).CheckAsync();
        });
        var first = new TaskCompletionSource();
        Forward(fatal.Task, first);
        Forward(done, first);
        await first.Task;

        SimulatedNode Node(int number)
        {
            SimulatedNode node = null!;
            var name = plan.Nodes.Count > 1 ? $"node{number}" : "node";
            return node = new SimulatedNode(world, database, plan.Node, kinds, plan.Nodes[number - 1])
            {
                Beside = (ports, actors) => audience.NodeIsUp(node, ports, actors),
                Log = new NodeLog(name, () => world.Clock.Elapsed, plan.Faults, Tell, violation => fatal.TrySetException(violation)),
                Membership = plan.Nodes.Count > 1 ? new(name, "simulated", plan.NodeLease) : null,
                Network = network,
            };
        }

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

    private static Task HappenAsync(NodeFaults[] faults, TimeSpan until) =>
        faults is [var alone] ? alone.HappenAsync(until) : Task.WhenAll(faults.Select(fault => fault.HappenAsync(until)));

    private static List<State> States(SimulatedDatabase database, SimulatedCluster cluster, JournalOracle journal)
    {
        List<State> states = [];
        Is(State.Claimed, journal.Claims.HasClaims);
        Is(State.LetterUnderWay, journal.HasLetters);
        Is(State.CommitUnderWay, database.IsCommitting);
        Is(State.OutcomeUnknown, database.IsUnsettled);
        Is(State.Recovering, cluster.Nodes.Any(node => node.Actors?.Shards.Any(shard => shard.Cells.Any(cell => cell.Status == CellStatus.Recovering)) == true));
        Is(State.Starting, cluster.Nodes.Any(node => node.IsStarting));
        Is(State.Draining, cluster.Nodes.Any(node => node.IsDraining));
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
