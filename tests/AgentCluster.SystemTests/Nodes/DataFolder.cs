namespace AgentCluster.SystemTests.Nodes;

/// <summary>A node's data directory, gone after the test.</summary>
internal sealed class DataFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("agentcluster-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
