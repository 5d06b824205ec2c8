using System.Buffers;
using AgentCluster.Transport.Frames;

namespace AgentCluster.Tests.Transport;

/// <summary>What goes over a connection, cut anywhere, and what is refused before anything is waited for.</summary>
public sealed class FrameTests
{
    private const int Most = 1_000;

    // Broken on purpose: TryTake that does not wait for the whole body.
    [Fact]
    public void Frames_come_whole_wherever_the_stream_is_cut()
    {
        var written = new ArrayBufferWriter<byte>();
        Frame.Write(written, FrameKind.Ask, 1, "one"u8);
        Frame.Write(written, FrameKind.Ping, ulong.MaxValue, []);
        Frame.Write(written, FrameKind.Reply, 7, new byte[Most]);
        var bytes = written.WrittenMemory;

        for (var first = 0; first <= bytes.Length; first++)
        {
            List<(FrameKind, ulong, int)> taken = [];
            var left = Take(new(bytes[..first]), taken);
            Take(Joined(left, bytes[first..]), taken);

            Assert.Equal([(FrameKind.Ask, 1, 3), (FrameKind.Ping, ulong.MaxValue, 0), (FrameKind.Reply, 7, Most)], taken);
        }
    }

    [Fact]
    public void A_frame_that_comes_byte_by_byte_is_taken_with_its_last()
    {
        var written = new ArrayBufferWriter<byte>();
        Frame.Write(written, FrameKind.Tell, 3, "a body"u8);
        var pieces = Pieces(written.WrittenMemory);
        for (var count = 1; count < pieces.Length; count++)
        {
            var some = Chained(pieces[..count]);
            Assert.False(Frame.TryTake(ref some, Most, out _));
        }

        var all = Chained(pieces);
        Assert.True(Frame.TryTake(ref all, Most, out var frame));
        Assert.Equal("a body"u8.ToArray(), frame.Body.ToArray());
        Assert.True(all.IsEmpty);
    }

    // Broken on purpose: a bound that is looked at only when the body is there.
    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0x7F })]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF })]
    [InlineData(new byte[] { 0, 0, 0, 0 })]
    [InlineData(new byte[] { 9, 0, 0, 0 })]
    [InlineData(new byte[] { 0xF3, 0x03, 0, 0 })]
    public void A_length_that_cannot_be_is_refused_from_its_four_bytes(byte[] length)
    {
        Assert.Throws<FrameException>(() =>
        {
            var read = new ReadOnlySequence<byte>(length);
            Frame.TryTake(ref read, Most, out _);
        });
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(4, 2)]
    [InlineData(5, 0)]
    [InlineData(5, 6)]
    public void Another_version_and_an_unknown_kind_are_refused(int at, byte value)
    {
        var written = new ArrayBufferWriter<byte>();
        Frame.Write(written, FrameKind.Ask, 1, "one"u8);
        var bytes = written.WrittenMemory.ToArray();
        bytes[at] = value;

        Assert.Throws<FrameException>(() =>
        {
            var read = new ReadOnlySequence<byte>(bytes);
            Frame.TryTake(ref read, Most, out _);
        });
    }

    private static ReadOnlySequence<byte> Take(ReadOnlySequence<byte> read, List<(FrameKind Kind, ulong Correlation, int Length)> into)
    {
        while (Frame.TryTake(ref read, Most, out var frame))
        {
            into.Add((frame.Kind, frame.Correlation, (int)frame.Body.Length));
        }

        return read;
    }

    private static ReadOnlySequence<byte> Joined(ReadOnlySequence<byte> first, ReadOnlyMemory<byte> second) => Chained([first.ToArray(), second]);

    private static ReadOnlyMemory<byte>[] Pieces(ReadOnlyMemory<byte> bytes) => [.. Enumerable.Range(0, bytes.Length).Select(at => bytes.Slice(at, 1))];

    private static ReadOnlySequence<byte> Chained(ReadOnlyMemory<byte>[] pieces)
    {
        var first = new Piece(pieces[0], 0);
        var last = first;
        foreach (var piece in pieces.Skip(1))
        {
            last = last.Then(piece);
        }

        return new(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, long before) => (Memory, RunningIndex) = (memory, before);

        public Piece Then(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
