using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Spectre.Console;

namespace AgentCluster.Cli.Output;

/// <summary>Shows what a node answered, in the form that was asked for.</summary>
/// <param name="data">Gets the answer.</param>
/// <param name="words">Gets everything that is said to people.</param>
/// <param name="format"><c>table</c>, <c>json</c> or <c>text</c>.</param>
/// <param name="isTerminal">Whether <paramref name="data"/> is a terminal: only then may it get escape sequences.</param>
/// <param name="isPlain">Whether even a terminal shall get none (NO_COLOR).</param>
internal sealed class Screen(TextWriter data, TextWriter words, string format, bool isTerminal, bool isPlain)
{
    /// <summary>Shows an answer.</summary>
    /// <param name="answer">As the node sent it.</param>
    /// <param name="listing">How it looks as rows.</param>
    public void Show(JsonElement answer, Func<JsonElement, Listing> listing)
    {
        switch (format)
        {
            case "json":
                data.WriteLine(Written(answer, isIndented: true));
                break;
            case "table":
                WriteTable(listing(answer));
                break;
            default:
                WriteText(listing(answer));
                break;
        }
    }

    /// <summary>Shows one of many that come one by one: a line each, in every form.</summary>
    /// <param name="item">As the node sent it.</param>
    /// <param name="cells">How it looks as a row.</param>
    public void ShowLine(JsonElement item, IReadOnlyList<string> cells)
    {
        data.WriteLine(format == "json" ? Written(item, isIndented: false) : string.Join(" | ", cells.Select(Printable.Of)));
        data.Flush();
    }

    /// <summary>Writes a line that is meant for a program, whatever form was asked for.</summary>
    /// <param name="line">JSON, in which nothing moves a cursor.</param>
    public void Write(string line) => data.WriteLine(line);

    /// <summary>Says something to people.</summary>
    /// <param name="text">May hold other people's text.</param>
    public void Say(string text) => words.WriteLine(Printable.Of(text));

    /// <summary>Says several lines to people, in their order.</summary>
    /// <param name="lines">May hold other people's text.</param>
    public void Say(IReadOnlyList<string> lines)
    {
        foreach (var line in lines)
        {
            Say(line);
        }
    }

    private void WriteText(Listing listing)
    {
        foreach (var row in listing.Rows)
        {
            data.WriteLine(string.Join(" | ", row.Select(Printable.Of)));
        }

        if (listing.Count is { } count)
        {
            data.WriteLine($"Count: {count}");
        }
    }

    private void WriteTable(Listing listing)
    {
        var console = AnsiConsole.Create(new()
        {
            Ansi = isTerminal && !isPlain ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(data),
        });
        if (!isTerminal)
        {
            // A pipe has no width: nothing is wrapped or cut for it.
            console.Profile.Width = 10_000;
        }

        var table = new Table { Border = isTerminal ? TableBorder.Rounded : TableBorder.Ascii };
        foreach (var column in listing.Columns)
        {
            table.AddColumn(new TableColumn(new Text(column, new Style(decoration: Decoration.Bold))));
        }

        foreach (var row in listing.Rows)
        {
            table.AddRow(row.Select(cell => new Text(Printable.Of(cell))));
        }

        console.Write(table);
        if (listing.Count is { } count)
        {
            words.WriteLine(count);
        }
    }

    private static string Written(JsonElement answer, bool isIndented)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new() { Indented = isIndented, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            answer.WriteTo(json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
