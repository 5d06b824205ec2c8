using System.Globalization;
using System.Net;
using System.Text.Json;
using AgentCluster.SystemTests.Nodes;
using AgentCluster.Tests.Storage.Postgres;

namespace AgentCluster.SystemTests.Clusters;

/// <summary>
/// After a restore nothing from before is believed: claims that came back lapse, their tokens are refused, and later ones are larger.
/// </summary>
public sealed class RestoredDatabaseTests
{
    private const string Project = "restored";
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);

    [Theory(Timeout = 120_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Claims_from_before_lapse_and_their_tokens_are_refused(bool isSaidByAnOperator)
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var server = await PostgresProcess.StartAsync("-c fsync=off", cancellation);
        await using var nodes = await NodesOnPostgres.StartAsync(await server.DatabaseAsync("cluster"), 2, Lease, cancellation);
        using var client = new NodeClient(nodes[0].Address);
        Assert.Equal(HttpStatusCode.Created, (await client.PostAsync("/api/v1/tasks/", $$"""{"title":"one","project":"{{Project}}"}""", cancellation)).Status);
        var (task, token) = Claimed(await ClaimAsync(client, "ada", cancellation));
        Assert.Equal(HttpStatusCode.NoContent, (await ClaimAsync(client, "grace", cancellation)).Status);

        if (isSaidByAnOperator)
        {
            var said = await ProgramRun.OfAsync(BuiltProgram.Pbm, cancellation, "--node", nodes[0].Address.ToString(), "cluster", "restored", "--yes");
            Assert.Equal(0, said.ExitCode);
            Assert.Contains("generation | 2", said.Output, StringComparison.Ordinal);
        }
        else
        {
            await server.RestoreAsync(cancellation);
        }

        var next = await ClaimAsync(client, "grace", cancellation);
        while (next.Status != HttpStatusCode.OK)
        {
            await Pause.ForAMomentAsync(cancellation);
            next = await ClaimAsync(client, "grace", cancellation);
        }

        var (same, later) = Claimed(next);
        Assert.Equal(task, same);
        Assert.True(later > token, $"Expected a token above {token}, found {later}.");
        var stale = await client.PostAsync($"/api/v1/tasks/{task}/complete/", string.Create(CultureInfo.InvariantCulture, $$"""{"token":{{token}},"result_summary":"late"}"""), cancellation);
        Assert.Equal("claim_superseded", stale.Code);
    }

    private static Task<Answer> ClaimAsync(NodeClient client, string agent, CancellationToken cancellation) =>
        client.PostAsync("/api/v1/tasks/claim/", $$"""{"agent":"{{agent}}","project":"{{Project}}"}""", cancellation);

    private static (string Task, long Token) Claimed(Answer answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        JsonElement claim = answer.Json;
        return (claim.GetProperty("task").GetProperty("id").GetString()!, claim.GetProperty("claim").GetProperty("token").GetInt64());
    }
}
