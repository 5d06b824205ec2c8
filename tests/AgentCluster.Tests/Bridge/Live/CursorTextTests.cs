using AgentCluster.Actors;
using AgentCluster.Bridge.Live;

namespace AgentCluster.Tests.Bridge.Live;

public sealed class CursorTextTests
{
    [Theory]
    [InlineData(1, new long[0])]
    [InlineData(int.MaxValue, new long[] { 0, 0, 7 })]
    [InlineData(3, new long[] { 1, 127, 128, 0, 16_384, long.MaxValue })]
    public void A_cursor_reads_back_as_it_was_written(int generation, long[] taken)
    {
        var text = CursorText.Write(generation, taken);

        Assert.True(CursorText.IsFormed(text));
        Assert.Equal(new JournalHead(generation, new(taken)), CursorText.Read(text));
    }

    [Fact]
    public void A_cursor_of_256_busy_shards_fits_into_a_request_line()
    {
        var taken = Enumerable.Repeat(10_000_000L, 256).ToArray();

        var text = CursorText.Write(1, taken);

        Assert.InRange(text.Length, 1_000, 2_000);
        Assert.Equal(new(taken), CursorText.Read(text)!.Cursor);
    }

    [Fact]
    public void What_was_cut_or_mistyped_is_no_cursor()
    {
        var text = CursorText.Write(2, [5, 600, 0, 7]);

        for (var at = 0; at < text.Length; at++)
        {
            Assert.Null(CursorText.Read(text[..at]));
            Assert.Null(CursorText.Read(text[..at] + (text[at] == 'x' ? 'y' : 'x') + text[(at + 1)..]));
        }
    }

    [Fact]
    public void Any_text_is_read_without_harm()
    {
        var random = new Random(7);
        for (var round = 0; round < 2_000; round++)
        {
            var bytes = new byte[random.Next(40)];
            random.NextBytes(bytes);
            bytes.AsSpan(0, Math.Min(1, bytes.Length)).Fill(1);
            _ = CursorText.Read(System.Buffers.Text.Base64Url.EncodeToString(bytes));
        }

        Assert.Equal(JournalCursor.Start, CursorText.Read("0")!.Cursor);
    }
}
