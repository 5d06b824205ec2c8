using AgentCluster.Runtime;
using AgentCluster.Runtime.Mutants;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Simulation.Runs;

/// <summary>All that one run is made of, drawn from its seed.</summary>
internal sealed record Plan
{
    // Several nodes cost several times what one does.
    private const int OncePerSeeds = 5;

    private const int MailOncePerSeeds = 3;
    private const int ManyOncePerSeeds = 7;

    private const int ReservationsOncePerSeeds = 4;

    public required FaultPlan Faults { get; init; }

    public required int Projects { get; init; }

    public required int Tasks { get; init; }

    public required int Agents { get; init; }

    public required int LeaseSeconds { get; init; }

    /// <summary>How long faults go on.</summary>
    public required TimeSpan Hostile { get; init; }

    public required NodeOptions Node { get; init; }

    /// <summary>How fast the clocks of each node run; several nodes share the database as members.</summary>
    public IReadOnlyList<double> Nodes { get; init; } = [1];

    /// <summary>How long a node may be silent before others take its shards.</summary>
    public TimeSpan NodeLease { get; init; }

    /// <summary>Once in how many questions between nodes a connection breaks, and once in how many messages one strays; null where callers go to the owner themselves.</summary>
    public (int Breaks, int Strays)? Network { get; init; }

    /// <summary>Personas that are not merely honest, and other features of the workload, that are on.</summary>
    public required IReadOnlySet<Feature> Features { get; init; }

    public static Plan Draw(SeededRandom random, Mutant mutant)
    {
        var lease = random.Once(8) ? 1 : 1 + random.Next(20);
        return new()
        {
            Faults = FaultPlan.Draw(random),
            Projects = 1 + random.Next(2),
            Tasks = 3 + random.Next(15),
            Agents = 2 + random.Next(5),
            LeaseSeconds = lease,
            Hostile = TimeSpan.FromSeconds(20 + random.Next(60)),
            Features = Enum.GetValues<Feature>().Where(feature => feature < Feature.Mail && random.Once(feature == Feature.Masses ? 64 : 2)).ToHashSet(),
            Node = new NodeOptions
            {
                Shards = 1 + random.Next(6),
                Lanes = 1 + random.Next(3),
                // One of each at a time is where orders meet that a large bound hides.
                BatchTurns = random.Once(4) ? Bound(random) : 512,
                GroupTurns = random.Once(4) ? Bound(random) : 512,
                SnapshotEvery = 1 + random.Next(8),
                Recoveries = 1 + random.Next(8),
                PassivateAfter = TimeSpan.FromSeconds(1 + random.Next(20)),
                AskTimeout = TimeSpan.FromSeconds(2 + random.Next(9)),
                SettleWindow = TimeSpan.FromSeconds(3 + random.Next(12)),
                OutboxCapacity = random.Once(4) ? Bound(random) : 1_024,
                MailboxCapacity = random.Once(4) ? Bound(random) : 4_096,
                MaxPending = random.Once(8) ? 4 * Bound(random) : 16_384,
                Mutant = mutant,
            },
        };
    }

    /// <summary>How many nodes a seed has; drawn beside the plan, so that the seeds with one run as if there were no others.</summary>
    public static int NodesOf(ulong seed)
    {
        var random = Among(seed);
        var few = random.Once(OncePerSeeds) ? 2 + random.Next(3) : 1;
        return few > 1 && new SeededRandom(seed ^ 0x6D616E79).Once(ManyOncePerSeeds) ? 5 + random.Next(3) : few;
    }

    /// <summary>This plan with what the seed draws beside it: how many nodes, and whether agents write to each other and reserve paths.</summary>
    public Plan With(ulong seed) => (this with { Features = Features.Concat(Beside(seed)).ToHashSet() }).Among(seed, NodesOf(seed));

    private static IEnumerable<Feature> Beside(ulong seed)
    {
        if (new SeededRandom(seed ^ 0x6D61696C).Once(MailOncePerSeeds))
        {
            yield return Feature.Mail;
        }

        if (new SeededRandom(seed ^ 0x7061746873).Once(ReservationsOncePerSeeds))
        {
            yield return Feature.Reservations;
        }
    }

    private Plan Among(ulong seed, int nodes)
    {
        if (nodes == 1)
        {
            return this with { Nodes = [Faults.ClockRate] };
        }

        var random = Among(seed ^ 0x6D6F7265);
        var faults = Faults.Among(random);
        return this with
        {
            Faults = faults,
            Nodes = [.. Enumerable.Range(0, nodes).Select(_ => faults.On.Contains(Fault.Drift) ? 0.98 + (random.NextDouble() * 0.04) : 1)],
            NodeLease = TimeSpan.FromSeconds(2 + random.Next(5)),
            Network = NetworkOf(seed),
            Hostile = TimeSpan.FromSeconds(20 + random.Next(40)),
            Node = Node with { Shards = 2 + random.Next(8) },
        };
    }

    // Beside the rest too, so that a seed whose callers go to the owner themselves runs as it did before nodes talked.
    private static (int Breaks, int Strays)? NetworkOf(ulong seed)
    {
        var random = new SeededRandom(seed ^ 0x77697265);
        return random.Once(2) ? (2 << random.Next(6), 2 << random.Next(6)) : null;
    }

    private static SeededRandom Among(ulong seed) => new(seed ^ 0x6E6F646573);

    private static int Bound(SeededRandom random) => random.Once(3) ? 1 : 1 + random.Next(4);

    public override string ToString() =>
        $"projects={Projects} tasks={Tasks} agents={Agents} lease={LeaseSeconds}s hostile={Hostile.TotalSeconds:0}s shards={Node.Shards} "
        + (Nodes.Count > 1 ? $"nodes={Nodes.Count} nodelease={NodeLease.TotalSeconds:0}s network={(Network is var (breaks, strays) ? $"1/{breaks},1/{strays}" : "none")} " : "") + $"lanes={Node.Lanes} batch={Node.BatchTurns} mailbox={Node.MailboxCapacity} outbox={Node.OutboxCapacity} pending={Node.MaxPending} {string.Join(',', Features.Order()).ToLowerInvariant()} | {Faults}";
}

/// <summary>What the agents of a run do besides honest work.</summary>
internal enum Feature
{
    /// <summary>Some vanish with a claim and come back with an old token.</summary>
    Zombies,

    /// <summary>Some send tokens that they made up.</summary>
    Liars,

    /// <summary>Some promise heartbeats and keep the promise badly.</summary>
    Promises,

    /// <summary>Somebody cancels tasks.</summary>
    Cancels,

    /// <summary>Tasks depend on each other.</summary>
    Dependencies,

    /// <summary>Callers give up and send again while the first is still under way.</summary>
    Impatience,

    /// <summary>Somebody creates more tasks while others work.</summary>
    Creators,

    /// <summary>Agents complete and claim the next in one call.</summary>
    Chains,

    /// <summary>The process of an agent dies with a claim; the next one knows nothing of it.</summary>
    AgentCrashes,

    /// <summary>Somebody sends much more at once than a mailbox or the node takes.</summary>
    Floods,

    /// <summary>Callers repeat what was answered long ago, or say something else under an old key.</summary>
    Repeats,

    /// <summary>Texts are quotes, markup, other scripts, and characters that databases refuse.</summary>
    HostileText,

    /// <summary>Tasks belong to epics, which people change and read.</summary>
    Epics,

    /// <summary>Work costs, and epics have budgets that people raise and lower.</summary>
    Budgets,

    /// <summary>Epics are cancelled and deleted, alone and many at once.</summary>
    Sweeps,

    /// <summary>Holders ask people and wait, or do not.</summary>
    Parking,

    /// <summary>Some tasks have a reviewer, who accepts them or returns them; others try to.</summary>
    Reviews,

    /// <summary>Two people edit, watch and delete tasks at the versions that they have seen.</summary>
    Edits,

    /// <summary>One agent promises to beat, claims for hours, and falls silent.</summary>
    Deserters,

    /// <summary>Somebody calls more tasks off than one turn may cancel. Costs as much as many other runs, so it is rare.</summary>
    Masses,

    /// <summary>Agents write to each other, delegate and report. Drawn beside the others, in one seed of three.</summary>
    Mail,

    /// <summary>Agents reserve paths of repositories. Drawn beside the others, in one seed of four.</summary>
    Reservations,
}
