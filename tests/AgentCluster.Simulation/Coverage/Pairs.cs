using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Simulation.Coverage;

/// <summary>
/// Which faults came together, and in which states of the protocol each fault struck: many a bug needs two things at
/// once. Two faults came together when one followed the other within a few seconds.
/// </summary>
internal sealed class Pairs
{
    /// <summary>Longer than a commit, a recovery or a drain takes, so that the second finds what the first has left.</summary>
    private static readonly TimeSpan Near = TimeSpan.FromSeconds(10);

    private static readonly Fault[] OfNodes = [Fault.Crash, Fault.CrashInRecovery, Fault.Freeze, Fault.WallJump, Fault.Drain, Fault.Rollback];

    private static readonly Fault[] OfCommits =
    [
        Fault.RequestLost, Fault.ReplyLost, Fault.Orphaned, Fault.Busy, Fault.Failed, Fault.Slow, Fault.Down, Fault.Full, Fault.Refused,
    ];

    private readonly SortedDictionary<string, long> _reached = new(StringComparer.Ordinal);
    private readonly Dictionary<Fault, TimeSpan> _last = [];

    /// <summary>Pairs that can come, and did not. A pair that cannot come is left out below, with its reason.</summary>
    public IReadOnlyList<string> Missing => [.. Possible.Where(pair => !_reached.ContainsKey(pair))];

    public static int Count => Possible.Count();

    private static IEnumerable<string> Possible =>
    [
        .. from first in Enum.GetValues<Fault>() from second in Enum.GetValues<Fault>() where first < second select Name(first, second),
        .. from fault in Enum.GetValues<Fault>() from state in Enum.GetValues<State>() where CanStrike(fault, state) select Name(fault, state),
    ];

    /// <summary>A fault happens now.</summary>
    /// <param name="fault">Which.</param>
    /// <param name="now">Simulated time.</param>
    /// <param name="states">What is going on.</param>
    /// <param name="drifts">Whether the node's clock runs wrong: a fault that never begins and never ends.</param>
    public void Happened(Fault fault, TimeSpan now, IReadOnlyList<State> states, bool drifts)
    {
        _last[fault] = now;
        if (drifts)
        {
            _last[Fault.Drift] = now;
        }

        foreach (var (other, at) in _last)
        {
            if (other != fault && now - at <= Near)
            {
                Reach(other < fault ? Name(other, fault) : Name(fault, other));
            }
        }

        foreach (var state in states)
        {
            Reach(Name(fault, state));
            if (drifts)
            {
                Reach(Name(Fault.Drift, state));
            }
        }
    }

    /// <summary>Adds the pairs of another run.</summary>
    public void Add(Pairs other)
    {
        foreach (var (pair, count) in other._reached)
        {
            _reached[pair] = _reached.GetValueOrDefault(pair) + count;
        }
    }

    private static bool CanStrike(Fault fault, State state) => (fault, state) switch
    {
        // Node faults come one after the other: a drain ends, and a start is at least under way, before the next begins.
        _ when OfNodes.Contains(fault) && state == State.Draining => false,
        // A node commits nothing before it has acquired its shards.
        _ when OfCommits.Contains(fault) && state == State.Starting => false,
        _ => true,
    };

    private static string Name(Fault first, Fault second) => $"{first} near {second}";

    private static string Name(Fault fault, State state) => $"{fault} while {state}";

    private void Reach(string pair) => _reached[pair] = _reached.GetValueOrDefault(pair) + 1;
}

/// <summary>What may be going on when a fault strikes.</summary>
internal enum State
{
    /// <summary>Somebody holds a task.</summary>
    Claimed,

    /// <summary>A letter is durable and not yet taken.</summary>
    LetterUnderWay,

    /// <summary>A commit is on its way to the store, perhaps a dead process's.</summary>
    CommitUnderWay,

    /// <summary>A commit's answer was lost, and nothing has told its sender yet what became of it.</summary>
    OutcomeUnknown,

    /// <summary>An actor is being read from the store.</summary>
    Recovering,

    /// <summary>The node acquires its shards.</summary>
    Starting,

    /// <summary>The node finishes what it has taken.</summary>
    Draining,
}
