namespace AgentCluster.SystemTests.Nodes;

/// <summary>The node that all tests of a class talk to.</summary>
public sealed class OneNode : IAsyncLifetime
{
    private readonly DataFolder _data = new();

    internal NodeProcess Node { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Node = await NodeProcess.StartAsync(_data.Path, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Node.DisposeAsync();
        _data.Dispose();
    }
}
