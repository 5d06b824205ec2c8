namespace AgentCluster.Actors;

/// <summary>How far a reader of the journal is: for each shard the sequence of the last event that it has taken. Never changes.</summary>
public sealed class JournalCursor : IEquatable<JournalCursor>
{
    private readonly long[] _taken;

    /// <summary>A place in the journal.</summary>
    /// <param name="taken">From shard 0 on; shards that are left out are at their start.</param>
    public JournalCursor(params ReadOnlySpan<long> taken) => _taken = taken.TrimEnd(0L).ToArray();

    /// <summary>Before the first event of every shard.</summary>
    public static JournalCursor Start { get; } = new();

    /// <summary>The place at the end of some shards.</summary>
    /// <param name="ends">Each shard once, with the sequence of its last event.</param>
    public static JournalCursor At(IReadOnlyCollection<(int Shard, long Sequence)> ends)
    {
        var taken = new long[ends.Count == 0 ? 0 : ends.Max(end => end.Shard) + 1];
        foreach (var (shard, sequence) in ends)
        {
            taken[shard] = sequence;
        }

        return new(taken);
    }

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <param name="text">Numbers between commas; empty for the start.</param>
    public static JournalCursor Parse(string text) => text.Length == 0
        ? Start
        : new([.. text.Split(',').Select(taken => long.Parse(taken, System.Globalization.CultureInfo.InvariantCulture))]);

    /// <summary>No shard from this one on has been read.</summary>
    public int Shards => _taken.Length;

    /// <summary>How many events have been taken, all shards together.</summary>
    public long Total => _taken.Sum();

    /// <summary>The sequence of the last event taken; 0 when none was.</summary>
    /// <param name="shard">From 0.</param>
    public long this[int shard] => shard < _taken.Length ? _taken[shard] : 0;

    /// <summary>Whether everything that was taken at <paramref name="other"/> is taken here too.</summary>
    /// <param name="other">Another place in the same journal.</param>
    public bool Covers(JournalCursor other)
    {
        for (var shard = 0; shard < other.Shards; shard++)
        {
            if (this[shard] < other[shard])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The place after some events more.</summary>
    /// <param name="events">In order for each shard, the first of each next to what was taken.</param>
    public JournalCursor After(IReadOnlyList<StoredEvent> events)
    {
        var shards = _taken.Length;
        for (var i = 0; i < events.Count; i++)
        {
            shards = Math.Max(shards, events[i].Shard + 1);
        }

        var taken = new long[shards];
        _taken.CopyTo(taken, 0);
        for (var i = 0; i < events.Count; i++)
        {
            taken[events[i].Shard] = events[i].Sequence;
        }

        return new(taken);
    }

    /// <inheritdoc/>
    public bool Equals(JournalCursor? other) => other is not null && _taken.AsSpan().SequenceEqual(other._taken);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as JournalCursor);

    /// <inheritdoc/>
    public override int GetHashCode() => _taken.Aggregate(0, HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() =>
        string.Join(',', _taken.Select(taken => taken.ToString(System.Globalization.CultureInfo.InvariantCulture)));
}
