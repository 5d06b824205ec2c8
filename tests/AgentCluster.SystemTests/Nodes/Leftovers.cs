using AgentCluster.SystemTests.Nodes;

[assembly: AssemblyFixture(typeof(Leftovers))]

namespace AgentCluster.SystemTests.Nodes;

/// <summary>The temporary directory of all programs that are started here: who is killed cannot take its own files away.</summary>
public sealed class Leftovers : IDisposable
{
    private static readonly Lazy<string> Folder = new(() => Directory.CreateTempSubdirectory("agentcluster-test-").FullName);

    internal static string Path => Folder.Value;

    public void Dispose()
    {
        if (Folder.IsValueCreated)
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
