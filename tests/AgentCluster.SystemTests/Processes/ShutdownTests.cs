using AgentCluster.SystemTests.Histories;
using AgentCluster.SystemTests.Load;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Processes;

/// <summary>A node that is asked to stop stops, and keeps what it said.</summary>
public sealed class ShutdownTests
{
    [Fact(Timeout = 60_000)]
    public async Task Under_load_it_ends_within_ten_seconds_and_loses_nothing()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var crew = new Crew(32, "drain", seed: 7);
        using var data = new DataFolder();
        await using var node = await NodeProcess.StartAsync(data.Path, cancellation);
        var busy = new TaskCompletionSource();
        var load = crew.WorkAsync(node.Address, 500, busy.SetResult, cancellation);
        await busy.Task.WaitAsync(cancellation);

        var code = await node.TerminateAsync(TimeSpan.FromSeconds(10), cancellation);

        await load;
        Assert.Equal(0, code);
        await using var again = await NodeProcess.StartAsync(data.Path, cancellation);
        Violations.AssertNone(await crew.CheckAsync(again.Address, cancellation));
    }

    [Fact(Timeout = 60_000)]
    public async Task An_idle_node_ends_at_once()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var data = new DataFolder();
        await using var node = await NodeProcess.StartAsync(data.Path, cancellation);

        Assert.Equal(0, await node.TerminateAsync(TimeSpan.FromSeconds(5), cancellation));
    }
}
