using System.IO.Pipelines;
using System.Text;
using AgentCluster.Bridge.Agents;
using AgentCluster.Bridge.Ids;
using AgentCluster.Bridge.Import;
using AgentCluster.Bridge.Tasks;
using AgentCluster.Domain.Import;
using AgentCluster.Domain.Queries;
using AgentCluster.Domain.TaskRegistry;

namespace AgentCluster.Tests.Bridge;

/// <summary>Lines, however the network cuts them.</summary>
public sealed class ImportStreamTests
{
    private const string Row =
        """{"id":"a","title":"t","status":"open","priority":1,"issue_type":"task","created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z"}""";

    private readonly ScriptedActors _actors = new()
    {
        Answer = (_, command) => new ImportReply(((TaskRegistryCommand.ImportRows)command).Rows.Count, 0, 0, [], [], []),
    };

    // Broken on purpose: ImportStream forgetting that a line was too long (its tail was taken for a row).
    [Fact]
    public async Task The_end_of_a_line_that_was_too_long_is_no_line()
    {
        var report = await ReadAsync(new string(' ', 100_000), Row + "\n" + Row.Replace("\"a\"", "\"b\"", StringComparison.Ordinal));

        Assert.Equal((1, 1), (report.Created, report.Skipped.Single().Line));
    }

    [Fact]
    public async Task A_line_may_come_in_any_pieces()
    {
        var report = await ReadAsync([.. Row.Select(character => character.ToString()), "\n", "\n", "\r\n"]);

        Assert.Equal(1, report.Created);
        Assert.Empty(report.Skipped);
    }

    // Broken on purpose: the list recognised only when it is the very first byte.
    [Fact]
    public async Task Rows_of_a_list_may_come_in_any_pieces_too()
    {
        var list = $"\r\n [{Row},\n{Row.Replace("\"a\"", "\"b\"", StringComparison.Ordinal)}]\n";

        var report = await ReadAsync([.. list.Select(character => character.ToString())]);

        Assert.Equal((2, 0), (report.Created, report.Skipped.Count));
    }

    private async Task<ImportReport> ReadAsync(params string[] pieces)
    {
        var rows = new NoNode();
        var queries = new TaskQueries(rows);
        var tasks = new TaskCalls(
            _actors,
            queries,
            new Homes(queries, TimeProvider.System),
            new Profiles(_actors, TimeProvider.System),
            new Signs(_actors, TimeProvider.System),
            new UlidSource(TimeProvider.System, new Random(1).NextBytes))
        { Conflicts = new(rows) };
        var pipe = new Pipe(new PipeOptions(
            readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));
        var reading = new ImportStream(tasks, "p", new(ImportFormat.Beads, "p", DateTimeOffset.UnixEpoch)).ReadAsync(pipe.Reader);
        foreach (var piece in pieces)
        {
            // Read before the next one comes: the reader runs inside the flush.
            await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(piece));
        }

        await pipe.Writer.CompleteAsync();
        return await reading;
    }
}
