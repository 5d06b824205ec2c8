namespace AgentCluster.SystemTests.Nodes;

/// <summary>A node's data directory, gone after the test.</summary>
internal sealed class DataFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("agentcluster-test-").FullName;

    /// <summary>The same files once more; nobody may be writing them.</summary>
    public DataFolder Copy()
    {
        var copy = new DataFolder();
        foreach (var file in Directory.EnumerateFiles(Path))
        {
            File.Copy(file, System.IO.Path.Combine(copy.Path, System.IO.Path.GetFileName(file)));
        }

        return copy;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
