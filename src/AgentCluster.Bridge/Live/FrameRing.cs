namespace AgentCluster.Bridge.Live;

/// <summary>The last frames that went out, for all subscribers together: what each may be behind by, and all the memory that slow ones cost.</summary>
/// <param name="most">How many frames are kept; at least 1.</param>
internal sealed class FrameRing(int most)
{
    /// <summary>How many frames a node keeps.</summary>
    public const int MostFrames = 8_192;

    /// <summary>How many bytes are kept, beside the newest frame: 16 MiB.</summary>
    public const int MostBytes = 16 * 1024 * 1024;

    private readonly Frame[] _frames = new Frame[most];
    private long _bytes;

    /// <summary>The place of the oldest frame that is kept.</summary>
    public long First { get; private set; }

    /// <summary>The place of the next frame.</summary>
    public long Next { get; private set; }

    /// <summary>The frame at a place.</summary>
    /// <param name="place">From <see cref="First"/>, before <see cref="Next"/>.</param>
    public Frame this[long place] => _frames[place % most];

    /// <summary>Adds the newest frame; the oldest ones go.</summary>
    /// <param name="frame">The newest.</param>
    public void Add(Frame frame)
    {
        if (Next - First == most)
        {
            Drop();
        }

        _frames[Next++ % most] = frame;
        _bytes += frame.Sse.Length;
        while (_bytes > MostBytes && First < Next - 1)
        {
            Drop();
        }
    }

    /// <summary>Forgets all frames; places go on.</summary>
    public void Clear()
    {
        while (First < Next)
        {
            Drop();
        }
    }

    private void Drop()
    {
        ref var oldest = ref _frames[First++ % most];
        _bytes -= oldest.Sse.Length;
        oldest = null!;
    }
}
