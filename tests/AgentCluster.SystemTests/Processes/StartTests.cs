using System.Globalization;
using System.Net;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Processes;

/// <summary>How a node starts, and how it says that it cannot.</summary>
public sealed class StartTests
{
    [Fact(Timeout = 60_000)]
    public async Task It_is_ready_when_it_says_where_it_listens()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var data = new DataFolder();
        await using var process = await NodeProcess.StartAsync(data.Path, cancellation);
        using var node = new NodeClient(process.Address);

        Assert.Equal(HttpStatusCode.OK, (await node.GetAsync("/health/live", cancellation)).Status);
        Assert.Equal(HttpStatusCode.OK, (await node.GetAsync("/health/ready", cancellation)).Status);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_second_process_on_the_same_data_is_told_who_has_it()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var data = new DataFolder();
        await using var first = await NodeProcess.StartAsync(data.Path, cancellation);

        var second = await ProgramRun.OfAsync(BuiltProgram.Node, cancellation, "--data", data.Path, "--http", "127.0.0.1:0");

        Assert.Equal(73, second.ExitCode);
        Assert.Contains(first.Id.ToString(CultureInfo.InvariantCulture), second.Errors, StringComparison.Ordinal);
        using var node = new NodeClient(first.Address);
        Assert.Equal(HttpStatusCode.OK, (await node.GetAsync("/health/ready", cancellation)).Status);
    }

    [Theory(Timeout = 60_000)]
    [InlineData("--datta", "x", "--datta")]
    [InlineData("--http", "127.0.0.1:notaport", "--http")]
    [InlineData("--set", "agentcluster.http.prot=1", "agentcluster.http.prot")]
    [InlineData("--http", "0.0.0.0:0", "agentcluster.http.keys")]
    [InlineData("--set", "agentcluster.http.tls-certificate=/nowhere.pem", "agentcluster.http.tls-certificate")]
    public async Task A_bad_option_is_named(string option, string value, string named)
    {
        using var data = new DataFolder();

        var run = await ProgramRun.OfAsync(BuiltProgram.Node, TestContext.Current.CancellationToken, "--data", data.Path, option, value);

        Assert.Equal(64, run.ExitCode);
        Assert.Contains(named, run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
    }
}
