using System.Globalization;
using System.Net;
using System.Text.Json;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Disks;

/// <summary>What callers hear while the disk of a node is full or broken, and afterwards.</summary>
public sealed class FailingDiskTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Broken on purpose: a full disk told as unavailable.
    [Fact(Timeout = 120_000)]
    public async Task A_full_disk_refuses_writes_and_answers_reads_and_takes_writes_again_when_there_is_room()
    {
        using var data = new DataFolder();

        // The writes that make a new data file grow in number with every migration: the disk fills up behind them.
        await using (var first = await NodeProcess.StartAsync(data.Path, Cancellation))
        {
            Assert.Equal(0, await first.TerminateAsync(TimeSpan.FromSeconds(10), Cancellation));
        }

        await using var process = await NodeProcess.StartAsync(
            data.Path, Cancellation, fault: new("pwrite64,ftruncate", Fault.DataFiles, "error=ENOSPC", "150..170"));
        using var node = new NodeClient(process.Address);

        var (before, refused) = await CreateUntilAsync(node, 1, HttpStatusCode.InsufficientStorage);

        Assert.NotEmpty(before);
        Assert.Equal("storage_full", refused.Code);
        Assert.Equal("not_done", refused.Json.GetProperty("outcome").GetString());
        Assert.True(refused.RetryAfter);
        Assert.Equal(before, await TitlesAsync(node));
        Assert.Equal(HttpStatusCode.OK, (await node.GetAsync("/health/ready", Cancellation)).Status);

        var (_, created) = await CreateUntilAsync(node, 1_000, HttpStatusCode.Created);

        Assert.Equal([.. before, created.Json.GetProperty("title").GetString()!], await TitlesAsync(node));
        Assert.Equal(0, await process.TerminateAsync(TimeSpan.FromSeconds(10), Cancellation));
        await using var again = await NodeProcess.StartAsync(data.Path, Cancellation);
        using var later = new NodeClient(again.Address);
        Assert.Equal([.. before, created.Json.GetProperty("title").GetString()!], await TitlesAsync(later));
    }

    // Broken on purpose: an error of the copy that is told like one of the data.
    [Fact(Timeout = 60_000)]
    public async Task A_backup_that_finds_no_room_leaves_nothing_behind_and_the_node_works_on()
    {
        using var data = new DataFolder();
        await using var process = await NodeProcess.StartAsync(
            data.Path, Cancellation, fault: new("pwrite64", ["/backups/.unfinished/agentcluster.db"], "error=ENOSPC", "5"));
        using var node = new NodeClient(process.Address);

        var refused = await node.PostAsync("/api/v1/node/backups/", """{"name":"a"}""", Cancellation);

        Assert.Equal((HttpStatusCode.InsufficientStorage, "storage_full"), (refused.Status, refused.Code));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(data.Path, "backups")));
        Assert.Equal(HttpStatusCode.Created, (await CreateAsync(node, 1)).Status);
        Assert.Equal(HttpStatusCode.Created, (await node.PostAsync("/api/v1/node/backups/", """{"name":"a"}""", Cancellation)).Status);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("-wal", "1+")]
    [InlineData("-shm", "2+")]
    public async Task A_node_that_finds_no_room_when_it_starts_says_so_and_starts_when_there_is_some(string file, string when)
    {
        using var data = new DataFolder();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => NodeProcess.StartAsync(
            data.Path, Cancellation, fault: new("pwrite64", [file], "error=ENOSPC", when)));

        Assert.Contains("ended with 73", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Make room", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Message, StringComparison.Ordinal);
        await using var process = await NodeProcess.StartAsync(data.Path, Cancellation);
    }

    // Broken on purpose: a commit whose sync failed told as done.
    [Fact(Timeout = 120_000)]
    public async Task A_disk_that_does_not_sync_for_a_while_leaves_each_write_done_once_or_not_at_all()
    {
        using var data = new DataFolder();
        await using var process = await NodeProcess.StartAsync(
            data.Path, Cancellation, fault: new("fdatasync", ["-wal"], "error=EIO", "8..14"));
        using var node = new NodeClient(process.Address);

        for (var i = 1; i <= 30; i++)
        {
            await CreatedAsync(node, i);
        }

        Assert.Equal(30, (await TitlesAsync(node)).Distinct().Count());
        process.Kill();
        await process.ExitedAsync(Cancellation);
        Assert.Contains(System.IO.File.ReadLines(Path.Combine(data.Path, Fault.Log)), line => line.Contains("EIO", StringComparison.Ordinal));
        await using var again = await NodeProcess.StartAsync(data.Path, Cancellation);
        using var later = new NodeClient(again.Address);
        Assert.Equal(30, (await TitlesAsync(later)).Count);
    }

    // Broken on purpose: a commit whose sync failed told as done.
    [Fact(Timeout = 120_000)]
    public async Task A_disk_that_never_syncs_again_is_told_as_such_and_the_node_ends_when_it_is_asked_to()
    {
        using var data = new DataFolder();
        await using var process = await NodeProcess.StartAsync(
            data.Path, Cancellation, fault: new("fdatasync", ["-wal"], "error=EIO", "8+"));
        using var node = new NodeClient(process.Address);
        List<Answer> answers = [];

        for (var i = 1; i <= 8; i++)
        {
            answers.Add(await CreateAsync(node, i));
        }

        Assert.All(answers, answer => Assert.Contains(answer.Status, (HttpStatusCode[])[HttpStatusCode.Created, HttpStatusCode.ServiceUnavailable]));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answers[^1].Status);
        Assert.Equal(0, await process.TerminateAsync(TimeSpan.FromSeconds(10), Cancellation));
        await using var again = await NodeProcess.StartAsync(data.Path, Cancellation);
        using var later = new NodeClient(again.Address);
        var found = await TitlesAsync(later);
        Assert.All(answers.Where(answer => answer.Status == HttpStatusCode.Created), answer => Assert.Contains(answer.Json.GetProperty("title").GetString()!, found));
        Assert.All(answers.Index().Where(sent => sent.Item.Code == "unavailable"), sent => Assert.DoesNotContain(Title(sent.Index + 1), found));
    }

    private static string Title(int number) => string.Create(CultureInfo.InvariantCulture, $"task {number:0000}");

    private static Task<Answer> CreateAsync(NodeClient node, int number) => node.SendAsync(
        HttpMethod.Post, "/api/v1/tasks/", JsonSerializer.Serialize(new { title = Title(number) }), string.Create(CultureInfo.InvariantCulture, $"k{number}"), Cancellation);

    // As a caller does: the same request with the same key until it is known what became of it.
    private static async Task CreatedAsync(NodeClient node, int number)
    {
        Answer answer;
        do
        {
            answer = await CreateAsync(node, number);
            Assert.Contains(answer.Status, (HttpStatusCode[])[HttpStatusCode.Created, HttpStatusCode.ServiceUnavailable]);
        }
        while (answer.Status != HttpStatusCode.Created);
    }

    private static async Task<(IReadOnlyList<string> Created, Answer Last)> CreateUntilAsync(NodeClient node, int from, HttpStatusCode status)
    {
        List<string> created = [];
        for (var number = from; number < from + 200; number++)
        {
            var answer = await CreateAsync(node, number);
            if (answer.Status == status)
            {
                return (created, answer);
            }

            Assert.Contains(answer.Status, (HttpStatusCode[])[HttpStatusCode.Created, HttpStatusCode.InsufficientStorage]);
            if (answer.Status == HttpStatusCode.Created)
            {
                created.Add(Title(number));
            }
        }

        throw new InvalidOperationException($"Expected {status} within 200 requests.");
    }

    private static async Task<IReadOnlyList<string>> TitlesAsync(NodeClient node) =>
        [.. (await node.ListAsync("/api/v1/tasks/?project=default", Cancellation)).Select(task => task.GetProperty("title").GetString()!).Order(StringComparer.Ordinal)];
}
