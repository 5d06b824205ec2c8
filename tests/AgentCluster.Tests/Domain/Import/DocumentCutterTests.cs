using System.Text;
using AgentCluster.Domain.Import;

namespace AgentCluster.Tests.Domain.Import;

public sealed class DocumentCutterTests
{
    private const string Document =
        """
        {
          "meta\u0064ata": {"tasks": "none", "odd": [{"a":"}]\"\\"}], "n": -1.5e3},
          "tasks": [
            {"id":1,"title":"a ] } \" \\"}, 7,
            "text", null
          ],
          "lo\u0067in": {"x": true, "tasks": [[1,[2]], {}]},
          "empty": {"tasks": []}, "n": 3
        }
        """;

    private static readonly (int, string?, string)[] Rows =
    [
        (4, null, """{"id":1,"title":"a ] } \" \\"}"""),
        (4, null, "7"),
        (5, null, "\"text\""),
        (5, null, "null"),
        (7, "login", "[1,[2]]"),
        (7, "login", "{}"),
    ];

    [Fact]
    public void Rows_are_cut_out_with_their_lines_and_lists() => Assert.Equal(Rows, Cut(Document, Document.Length));

    // Broken on purpose: the line of what ends a bare value counted twice.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void It_does_not_matter_how_the_bytes_come(int piece) => Assert.Equal(Rows, Cut(Document, piece));

    [Fact]
    public void A_list_alone_is_a_document_and_may_begin_with_a_mark() =>
        Assert.Equal([(2, null, "{}"), (3, null, "1")], Cut("\uFEFF\n[{},\n1\n]\n", 3));

    [Theory]
    [InlineData("", 1, "end")]
    [InlineData("7", 1, "object or list")]
    [InlineData("[1\n,", 2, "end")]
    [InlineData("[1\n2]", 2, "',' or ']'")]
    [InlineData("[1}", 1, "',' or ']'")]
    [InlineData("{\"tasks\":[],\n}", 2, "name")]
    [InlineData("{\"tasks\" []}", 1, "':'")]
    [InlineData("{tasks:[]}", 1, "name")]
    [InlineData("{\"\\x\":[]}", 1, "JSON string")]
    [InlineData("[1]\n\n]", 3, "nothing after")]
    [InlineData("{\"a\":{\"b\":[]}}", 1, "no list of tasks")]
    public void What_is_no_such_document_is_refused_with_the_line(string text, int line, string expected)
    {
        DocumentCutter cutter = new(100);

        var error = Assert.Throws<FormatException>(() => Cut(cutter, text, 1));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(line, cutter.Line);
    }

    [Fact]
    public void A_row_that_is_too_long_is_passed_over_and_the_next_is_whole()
    {
        DocumentCutter cutter = new(10);
        ReadOnlySpan<byte> bytes = Encoding.UTF8.GetBytes($"[\"{new string('x', 20_000)}\",\"12345678\",\"123456789\"]");

        Assert.True(cutter.TryCut(ref bytes) && cutter.IsTooLong);
        Assert.True(cutter.TryCut(ref bytes) && !cutter.IsTooLong && cutter.Element.SequenceEqual("\"12345678\""u8));
        Assert.True(cutter.TryCut(ref bytes) && cutter.IsTooLong);
    }

    [Fact]
    public void A_name_has_a_bound()
    {
        var error = Assert.Throws<FormatException>(() => Cut($"{{\"{new string('x', 2_000)}\":[]}}", 100));

        Assert.Contains("1024", error.Message, StringComparison.Ordinal);
    }

    private static List<(int, string?, string)> Cut(string text, int piece) => Cut(new(1_000), text, piece);

    private static List<(int Line, string? List, string Element)> Cut(DocumentCutter cutter, string text, int piece)
    {
        List<(int, string?, string)> rows = [];
        foreach (var come in Encoding.UTF8.GetBytes(text).Chunk(piece))
        {
            ReadOnlySpan<byte> bytes = come;
            while (cutter.TryCut(ref bytes))
            {
                rows.Add((cutter.Line, cutter.List, Encoding.UTF8.GetString(cutter.Element)));
            }
        }

        cutter.End();
        return rows;
    }
}
