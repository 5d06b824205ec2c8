using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Processes;

/// <summary>A client that only knows to start <c>pbm mcp</c> finds a node: one is started, and stays when the client has gone.</summary>
public sealed class StartedByClientTests
{
    private const string Hello =
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";

    // Broken on purpose: LocalNode.EnsureAsync not asked (the answer is that the node cannot be reached).
    [Fact(Timeout = 60_000)]
    public async Task A_node_is_started_where_none_runs_and_outlives_who_started_it()
    {
        using var home = new DataFolder();
        var address = new Uri("http://" + NodeProcess.Place());
        try
        {
            Assert.Equal("agentcluster", await HelloAsync(home, address));
            using var http = new HttpClient { BaseAddress = address };
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/live", TestContext.Current.CancellationToken)).StatusCode);
            Assert.Equal("agentcluster", await HelloAsync(home, address));
        }
        finally
        {
            Stop(home);
        }
    }

    private static async Task<string?> HelloAsync(DataFolder home, Uri address)
    {
        var start = ProgramRun.Start(BuiltProgram.Pbm, "mcp", "--node", address.ToString());
        start.RedirectStandardInput = true;
        start.Environment["XDG_DATA_HOME"] = home.Path;
        using var pbm = Process.Start(start)!;
        var words = pbm.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await pbm.StandardInput.WriteLineAsync(Hello.AsMemory(), TestContext.Current.CancellationToken);
        pbm.StandardInput.Close();
        var said = await pbm.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await pbm.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", await words);
        var answer = JsonDocument.Parse(said.Split('\n')[0]).RootElement;
        return answer.TryGetProperty("result", out var result) ? result.GetProperty("serverInfo").GetProperty("name").GetString() : said;
    }

    /// <summary>The node's data directory names its process.</summary>
    private static void Stop(DataFolder home)
    {
        var owner = Path.Combine(home.Path, "agentcluster", "holder");
        if (File.Exists(owner))
        {
            using var node = Process.GetProcessById(int.Parse(File.ReadLines(owner).First(), CultureInfo.InvariantCulture));
            node.Kill();
            node.WaitForExit();
        }
    }
}
