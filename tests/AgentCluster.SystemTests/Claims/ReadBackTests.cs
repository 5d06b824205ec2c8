using System.Net;
using System.Text.Json;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Claims;

/// <summary>What a write answered is what a read finds, in this run of the node and in the next.</summary>
public sealed class ReadBackTests
{
    private const string Detailed =
        """{"title":"Write the parser","description":"All of it.","tags":["core","é"],"priority":"P1","acceptance_criteria":["it parses"],"files":["src/**"],"deadline":"2030-01-31T12:00:00.1234567Z"}""";

    private static string Completion(long token) =>
        JsonSerializer.Serialize(new { token, result_summary = "It parses.", criteria = new[] { new { index = 0, met = true } } });

    // Broken on purpose: times in ticks of 100 ns, of which a row keeps microseconds.
    [Fact(Timeout = 60_000)]
    public async Task A_task_reads_back_as_it_was_answered()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var data = new DataFolder();
        Answer created, claimed, completed;
        await using (var process = await NodeProcess.StartAsync(data.Path, cancellation))
        {
            using var node = new NodeClient(process.Address);
            created = await node.PostAsync("/api/v1/tasks/", Detailed, cancellation);
            Assert.Equal(created.Body, (await node.GetAsync(created.Location!, cancellation)).Body);

            claimed = await node.PostAsync("/api/v1/tasks/claim/", """{"agent":"ada"}""", cancellation);
            Assert.Equal(claimed.Json.GetProperty("task").GetRawText(), (await node.GetAsync(created.Location!, cancellation)).Body);

            var token = claimed.Json.GetProperty("claim").GetProperty("token").GetInt64();
            completed = await node.PostAsync(created.Location! + "complete/", Completion(token), cancellation);
            Assert.Equal(HttpStatusCode.OK, completed.Status);
            Assert.Equal(completed.Body, (await node.GetAsync(created.Location!, cancellation)).Body);
            process.Kill();
            await process.ExitedAsync(cancellation);
        }

        await using var again = await NodeProcess.StartAsync(data.Path, cancellation);
        using var reader = new NodeClient(again.Address);
        Assert.Equal(completed.Body, (await reader.GetAsync(created.Location!, cancellation)).Body);
        var listed = Assert.Single(await reader.ListAsync("/api/v1/tasks/?project=default", cancellation));
        Assert.All(
            ["status", "version", "created_at", "updated_at"],
            name => Assert.Equal(completed.Json.GetProperty(name).ToString(), listed.GetProperty(name).ToString()));
    }
}
