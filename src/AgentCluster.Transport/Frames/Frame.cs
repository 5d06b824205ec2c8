using System.Buffers;
using System.Buffers.Binary;

namespace AgentCluster.Transport.Frames;

/// <summary>What a frame is. On the wire: numbers are kept for ever.</summary>
internal enum FrameKind : byte
{
    /// <summary>Is answered by a <see cref="Reply"/> with the same correlation id.</summary>
    Ask = 1,

    /// <summary>Is not answered.</summary>
    Tell = 2,

    /// <summary>Answers an <see cref="Ask"/>.</summary>
    Reply = 3,

    /// <summary>Is answered by a <see cref="Pong"/>: whether the other side still reads.</summary>
    Ping = 4,

    /// <summary>Answers a <see cref="Ping"/>.</summary>
    Pong = 5,
}

/// <summary>
/// One message on a connection: the length of all that follows (4 bytes, little-endian), the version of the protocol (1), the kind (1),
/// the correlation id (8, little-endian), the body.
/// </summary>
/// <param name="Kind">What it is.</param>
/// <param name="Correlation">Which question it is, or answers; chosen by the asking side, 0 where none is needed.</param>
/// <param name="Body">Nothing for a ping.</param>
internal readonly record struct Frame(FrameKind Kind, ulong Correlation, ReadOnlySequence<byte> Body)
{
    /// <summary>The version that this program writes, and the only one that it reads.</summary>
    public const byte Version = 1;

    /// <summary>Bytes before the body.</summary>
    public const int HeadBytes = sizeof(int) + 2 + sizeof(ulong);

    private const int CountedHead = HeadBytes - sizeof(int);

    /// <summary>Takes a frame from the beginning of what was read.</summary>
    /// <param name="read">Begins behind the frame afterwards.</param>
    /// <param name="most">How many bytes its body may have.</param>
    /// <param name="frame">Valid as long as what was read.</param>
    /// <returns>False when more must be read first.</returns>
    /// <exception cref="FrameException">What was read is no frame.</exception>
    public static bool TryTake(ref ReadOnlySequence<byte> read, int most, out Frame frame)
    {
        frame = default;

        // A length that cannot be is refused before anything more is waited for.
        var body = CheckLength(read, most);
        if (read.Length < HeadBytes)
        {
            return false;
        }

        Span<byte> head = stackalloc byte[HeadBytes];
        read.Slice(0, HeadBytes).CopyTo(head);
        if (head[4] != Version)
        {
            throw new FrameException($"expected version {Version}, found {head[4]}");
        }

        if (head[5] is < (byte)FrameKind.Ask or > (byte)FrameKind.Pong)
        {
            throw new FrameException($"expected a kind of frame, found {head[5]}");
        }

        if (read.Length < HeadBytes + body)
        {
            return false;
        }

        frame = new((FrameKind)head[5], BinaryPrimitives.ReadUInt64LittleEndian(head[6..]), read.Slice(HeadBytes, body));
        read = read.Slice(HeadBytes + body);
        return true;
    }

    /// <summary>Writes a frame.</summary>
    /// <param name="into">Grows by the frame.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="correlation">Which question it is, or answers.</param>
    /// <param name="body">Any bytes.</param>
    public static void Write(IBufferWriter<byte> into, FrameKind kind, ulong correlation, ReadOnlySpan<byte> body)
    {
        var span = into.GetSpan(HeadBytes + body.Length);
        BinaryPrimitives.WriteInt32LittleEndian(span, CountedHead + body.Length);
        span[4] = Version;
        span[5] = (byte)kind;
        BinaryPrimitives.WriteUInt64LittleEndian(span[6..], correlation);
        body.CopyTo(span[HeadBytes..]);
        into.Advance(HeadBytes + body.Length);
    }

    /// <summary>Gives the body to <paramref name="take"/> in one piece.</summary>
    /// <param name="state">For <paramref name="take"/>.</param>
    /// <param name="take">The bytes are valid during the call.</param>
    public void Give<TState>(TState state, ReadOnlySpanAction<byte, TState> take)
    {
        if (Body.IsSingleSegment)
        {
            take(Body.FirstSpan, state);
            return;
        }

        var rented = ArrayPool<byte>.Shared.Rent((int)Body.Length);
        Body.CopyTo(rented);
        take(rented.AsSpan(0, (int)Body.Length), state);
        ArrayPool<byte>.Shared.Return(rented);
    }

    private static int CheckLength(in ReadOnlySequence<byte> read, int most)
    {
        if (read.Length < sizeof(int))
        {
            return 0;
        }

        Span<byte> length = stackalloc byte[sizeof(int)];
        read.Slice(0, sizeof(int)).CopyTo(length);
        var body = BinaryPrimitives.ReadInt32LittleEndian(length) - (long)CountedHead;
        return body >= 0 && body <= most ? (int)body : throw new FrameException($"expected a body of 0 to {most} bytes, found {body}");
    }
}

/// <summary>The other side sent what is no frame. Its connection ends.</summary>
internal sealed class FrameException(string detail) : Exception($"No frame: {detail}.");
