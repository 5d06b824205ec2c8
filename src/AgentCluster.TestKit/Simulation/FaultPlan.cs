namespace AgentCluster.TestKit.Simulation;

/// <summary>
/// Which faults one run has, and how often. Each seed draws its own: leaving features out at random finds more than one
/// tuned mixture does (Groce et al., "Swarm testing", 2012).
/// </summary>
public sealed record FaultPlan
{
    /// <summary>Faults that are on.</summary>
    public IReadOnlySet<Fault> On { get; init; } = new HashSet<Fault>();

    /// <summary>Once in how many commits one of the store's faults happens.</summary>
    public int OncePerCommits { get; init; } = 20;

    /// <summary>Once in how many reads one fails.</summary>
    public int OncePerReads { get; init; } = 50;

    /// <summary>The mean time between two faults of a node.</summary>
    public TimeSpan NodeFaultEvery { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The longest leg of a call to the store, apart from faults.</summary>
    public TimeSpan LongestLeg { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>How fast the node's clock runs; 1 is true.</summary>
    public double ClockRate { get; init; } = 1;

    /// <summary>Draws a plan: each fault is on with p = 0.5, rates and sizes vary.</summary>
    /// <param name="random">The seed's.</param>
    public static FaultPlan Draw(SeededRandom random)
    {
        HashSet<Fault> on = [.. Enum.GetValues<Fault>().Where(fault => fault < Fault.Cut && random.Once(2))];
        return new()
        {
            On = on,
            OncePerCommits = 4 << random.Next(5),
            OncePerReads = 10 << random.Next(4),
            NodeFaultEvery = TimeSpan.FromSeconds(2 + random.Next(30)),
            LongestLeg = TimeSpan.FromMilliseconds(random.Once(4) ? 50 : 1 + random.Next(8)),
            ClockRate = on.Contains(Fault.Drift) ? 0.98 + (random.NextDouble() * 0.04) : 1,
        };
    }

    /// <summary>This plan with what may go wrong between several nodes, each with p = 0.5 too.</summary>
    /// <param name="random">Another chance than that of the rest, so that the rest stays as it is.</param>
    public FaultPlan Among(SeededRandom random) =>
        this with { On = On.Concat(Enum.GetValues<Fault>().Where(fault => fault >= Fault.Cut && random.Once(2))).ToHashSet() };

    /// <summary>This plan without some faults.</summary>
    /// <param name="off">Which.</param>
    public FaultPlan Without(IEnumerable<Fault> off) => this with { On = On.Except(off).ToHashSet() };

    /// <inheritdoc/>
    public override string ToString() =>
        $"{string.Join(',', On.Order().Select(fault => fault.ToString().ToLowerInvariant()))} commits=1/{OncePerCommits} "
        + $"reads=1/{OncePerReads} node={NodeFaultEvery.TotalSeconds:0}s leg={LongestLeg.TotalMilliseconds:0}ms rate={ClockRate:0.000}";
}

/// <summary>What can go wrong.</summary>
public enum Fault
{
    /// <summary>A commit never reaches the store, and its sender hears nothing.</summary>
    RequestLost,

    /// <summary>A commit is written, and its sender hears nothing.</summary>
    ReplyLost,

    /// <summary>A commit's sender hears nothing; it takes effect much later, or is fenced by then.</summary>
    Orphaned,

    /// <summary>The store is busy; nothing was written.</summary>
    Busy,

    /// <summary>A commit fails for certain.</summary>
    Failed,

    /// <summary>A commit takes seconds, on its way or on the way back.</summary>
    Slow,

    /// <summary>A call other than a commit takes seconds, on its way or on the way back: what was read is old when it is used.</summary>
    SlowCall,

    /// <summary>The store answers nothing for a while.</summary>
    Down,

    /// <summary>The disk is full for a while.</summary>
    Full,

    /// <summary>A read fails.</summary>
    ReadFails,

    /// <summary>A snapshot is read with a bit flipped.</summary>
    CorruptSnapshot,

    /// <summary>A snapshot is read without its end.</summary>
    TornSnapshot,

    /// <summary>An event is read without its end. Its actor waits until it can be read; three times in a row, until the node is restarted.</summary>
    TornEvent,

    /// <summary>The database refuses what one actor writes.</summary>
    Refused,

    /// <summary>The database loses its last commits, as in a failover to a standby that lagged, or a restore from a backup.</summary>
    Rollback,

    /// <summary>The node is killed and started again.</summary>
    Crash,

    /// <summary>The node is killed again while it recovers.</summary>
    CrashInRecovery,

    /// <summary>The node stands still for a while.</summary>
    Freeze,

    /// <summary>The node's monotonic clock runs up to 2 % fast or slow.</summary>
    Drift,

    /// <summary>The node's wall clock jumps by minutes.</summary>
    WallJump,

    /// <summary>The node is drained and started again.</summary>
    Drain,

    /// <summary>Of several nodes: one does not reach the database, which the others do. Callers reach it.</summary>
    Cut,

    /// <summary>Of several nodes: a renewal is answered after longer than a lease, and the node is cut off then.</summary>
    SlowRenewal,

    /// <summary>Of several nodes: the answer to a call about members or owners is lost. It takes effect, much later perhaps, or never.</summary>
    MemberCallLost,

    /// <summary>Of several nodes: what others should hear at once they find out later.</summary>
    HintLost,

    /// <summary>Of several nodes: an operator asks one to leave, and starts it again later.</summary>
    Leave,

    /// <summary>Of several nodes: an operator declares one down that lives.</summary>
    Downed,
}
