using System.Net;
using System.Text.Json;
using AgentCluster.SystemTests.Load;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Backups;

/// <summary>An operator's way: a backup of a node at work, its data lost, a node on the backup.</summary>
public sealed class RestoreTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // Broken on purpose: a backup without its mark; Lookup.Refuse that takes a token of an earlier generation.
    [Fact(Timeout = 120_000)]
    public async Task A_backup_made_under_load_starts_as_a_node_that_takes_no_token_of_before()
    {
        using var data = new DataFolder();
        using var restored = new DataFolder();
        var crew = new Crew(16, "busy", seed: 5);
        string id;
        long token;
        await using (var process = await NodeProcess.StartAsync(data.Path, Cancellation))
        {
            using var node = new NodeClient(process.Address);
            id = (await node.PostAsync("/api/v1/tasks/", """{"title":"Write the parser"}""", Cancellation)).Json.GetProperty("id").GetString()!;
            token = Token(await ClaimAsync(node, id));
            using var enough = new CancellationTokenSource();
            var load = crew.WorkAsync(process.Address, 400, enough.Cancel, enough.Token);

            var backup = await PbmAsync(process, "backup", "--name", "before", "-o", "json");
            Assert.True(backup.ExitCode == 0, backup.Errors);

            await load;
            Assert.Equal(0, (await PbmAsync(process, "doctor", "--full")).ExitCode);
            var made = JsonDocument.Parse(backup.Output).RootElement.GetProperty("path").GetString()!;
            foreach (var file in Directory.EnumerateFiles(made))
            {
                File.Copy(file, Path.Combine(restored.Path, Path.GetFileName(file)));
            }
        }

        var looked = await ProgramRun.OfAsync(BuiltProgram.Pbm, Cancellation, "doctor", "--data", restored.Path);
        Assert.True(looked.ExitCode == 0 && looked.Output.Contains("whose first start begins generation 2", StringComparison.Ordinal), looked.Output + looked.Errors);

        await using var again = await NodeProcess.StartAsync(restored.Path, Cancellation);
        using var later = new NodeClient(again.Address);
        var refused = await later.PostAsync($"/api/v1/tasks/{id}/complete/", JsonSerializer.Serialize(new { token, result_summary = "It parses." }), Cancellation);
        Assert.Equal("claim_superseded", refused.Code);
        var next = await ClaimUntilGrantedAsync(later, id);
        Assert.Equal((1L, 2L), (token >> 40, Token(next) >> 40));
        var done = await later.PostAsync($"/api/v1/tasks/{id}/complete/", JsonSerializer.Serialize(new { token = Token(next), result_summary = "It parses." }), Cancellation);
        Assert.Equal(HttpStatusCode.OK, done.Status);
        Assert.Equal(0, (await PbmAsync(again, "doctor", "--full")).ExitCode);
    }

    // The claim that came back lapses by itself, which takes a turn of its own.
    private static async Task<Answer> ClaimUntilGrantedAsync(NodeClient node, string id)
    {
        Answer answer;
        do
        {
            answer = await ClaimAsync(node, id);
            Assert.Contains(answer.Status, (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.Conflict]);
        }
        while (answer.Status != HttpStatusCode.OK);
        return answer;
    }

    private static Task<Answer> ClaimAsync(NodeClient node, string id) => node.PostAsync($"/api/v1/tasks/{id}/claim/", """{"agent":"ada"}""", Cancellation);

    private static long Token(Answer claim) => claim.Json.GetProperty("claim").GetProperty("token").GetInt64();

    private static Task<ProgramRun> PbmAsync(NodeProcess node, params string[] arguments) =>
        ProgramRun.OfAsync(BuiltProgram.Pbm, Cancellation, ["--node", node.Address.ToString(), .. arguments]);
}
