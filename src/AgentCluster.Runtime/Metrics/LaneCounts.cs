using AgentCluster.Actors.Metrics;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Runtime.Metrics;

/// <summary>What happened on one lane. Only the lane writes here, so that counting costs an addition; anybody may read.</summary>
/// <param name="kinds">How many kinds of actors there are.</param>
internal sealed class LaneCounts(int kinds)
{
    private readonly Tally<string> _events = new();
    private readonly Tally<(string Name, string Cause)> _caused = new();
    private long _activations;
    private long _passivations;
    private long _drops;
    private long _shardsLost;
    private long _quarantined;
    private long _parked;
    private long _letters;

    /// <summary>Turns taken, by the number of the kind.</summary>
    public long[] Turns { get; } = new long[kinds];

    /// <summary>Events that became durable, by their name and cause.</summary>
    public IEnumerable<((string Name, string Cause) What, long Many)> Events =>
        _events.Read().Select(one => ((one.One, string.Empty), one.Many)).Concat(_caused.Read());

    /// <summary>How many commands waited at an actor when one more came.</summary>
    public Histogram MailboxDepth { get; } = Histogram.OfCounts();

    public long Activations => Volatile.Read(ref _activations);

    public long Passivations => Volatile.Read(ref _passivations);

    public long Drops => Volatile.Read(ref _drops);

    public long ShardsLost => Volatile.Read(ref _shardsLost);

    public long Parked => Volatile.Read(ref _parked);

    /// <summary>How many are quarantined now.</summary>
    public long Quarantined => Volatile.Read(ref _quarantined);

    /// <summary>How many letters are decided and not acknowledged now.</summary>
    public long Letters => Volatile.Read(ref _letters);

    public void Happened(in EventWrite written)
    {
        if (written.Cause.Length == 0)
        {
            _events.Add(written.Name);
        }
        else
        {
            _caused.Add((written.Name, written.Cause));
        }
    }

    public void Activated() => _activations++;

    public void Passivated() => _passivations++;

    public void Dropped() => _drops++;

    public void LostShard() => _shardsLost++;

    public void WasParked() => _parked++;

    public void ChangeQuarantined(int by) => _quarantined += by;

    public void ChangeLetters(int by) => _letters += by;
}
