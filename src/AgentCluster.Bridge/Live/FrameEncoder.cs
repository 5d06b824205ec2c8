using System.Text;
using AgentCluster.Actors;
using AgentCluster.Bridge.Shapes;

namespace AgentCluster.Bridge.Live;

/// <summary>Encodes the events on one way through the journal; each frame carries the cursor of this way.</summary>
internal sealed class FrameEncoder
{
    private long[] _taken;

    /// <param name="generation">The journal's.</param>
    /// <param name="from">Where the way begins.</param>
    public FrameEncoder(int generation, JournalCursor from)
    {
        Generation = generation;
        _taken = new long[from.Shards];
        for (var shard = 0; shard < _taken.Length; shard++)
        {
            _taken[shard] = from[shard];
        }
    }

    /// <summary>The journal's.</summary>
    public int Generation { get; }

    /// <summary>Breaks a rule for a simulation: frames carry the cursor of the page's end.</summary>
    internal bool IsAhead { get; init; }

    /// <summary>Where the way is.</summary>
    public JournalCursor Cursor => new(_taken);

    /// <summary>Where the way is, as text.</summary>
    public string Text => CursorText.Write(Generation, _taken);

    /// <summary>Goes on by some events of a page, and encodes those that are shown, the older ones first.</summary>
    /// <param name="page">Shard by shard, each on from where this way is.</param>
    /// <exception cref="InvalidDataException">The journal has a gap here.</exception>
    public List<Frame> Encode(IReadOnlyList<StoredEvent> page)
    {
        List<Frame> frames = new(page.Count);
        foreach (var stored in IsAhead ? page : [])
        {
            Take(stored);
        }

        foreach (var stored in ByTime(page))
        {
            if (!IsAhead)
            {
                Take(stored);
            }

            if (EventNames.Shown.TryGetValue(stored.Name, out var name))
            {
                frames.Add(Encode(stored, name));
            }
        }

        return frames;
    }

    /// <summary>The shards side by side. Clocks go back, and differ among nodes: a shard's own order stays whatever its events say of time.</summary>
    private static IEnumerable<StoredEvent> ByTime(IReadOnlyList<StoredEvent> page)
    {
        var latest = DateTimeOffset.MinValue;
        var shard = -1;
        return page.Select(stored =>
        {
            latest = stored.Shard == shard && latest > stored.At ? latest : stored.At;
            shard = stored.Shard;
            return (stored, latest);
        }).OrderBy(timed => timed.latest).Select(timed => timed.stored);
    }

    private void Take(StoredEvent stored)
    {
        if (stored.Shard >= _taken.Length)
        {
            Array.Resize(ref _taken, stored.Shard + 1);
        }

        if (_taken[stored.Shard] + 1 != stored.Sequence)
        {
            throw new InvalidDataException(
                $"Expected event {_taken[stored.Shard] + 1} of shard {stored.Shard} next, found {stored.Sequence}: the journal has a gap.");
        }

        _taken[stored.Shard] = stored.Sequence;
    }

    private Frame Encode(StoredEvent stored, string name)
    {
        var channels = EventChannels.Of(stored);
        var cursor = Text;
        using var json = new PooledJson();
        var writer = json.Writer;
        writer.WriteStartObject();
        writer.WriteString("cursor"u8, cursor);
        EventData.WriteBody(writer, stored, name, channels);
        writer.WriteEndObject();
        var body = json.Bytes();

        var head = Encoding.ASCII.GetBytes($"id: {cursor}\nevent: {name}\ndata: ");
        var frame = new byte[head.Length + body.Length + 2];
        head.CopyTo(frame, 0);
        body.CopyTo(frame.AsSpan(head.Length));
        "\n\n"u8.CopyTo(frame.AsSpan(head.Length + body.Length));
        return new(stored.Shard, stored.Sequence, channels, frame, frame.AsMemory(head.Length, body.Length));
    }
}
