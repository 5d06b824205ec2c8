using AgentCluster.Storage.Directories;
using AgentCluster.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCluster.Tests.Storage.Sqlite;

/// <summary>A data directory for one test.</summary>
internal sealed class SqliteFolder : IDisposable
{
    private DataDirectory? _held;

    public string Path { get; } = Directory.CreateTempSubdirectory("agentcluster-").FullName;

    public string File => System.IO.Path.Combine(Path, SqliteStore.FileName);

    public DataDirectory Held => _held ??= DataDirectory.Take(Path, allowNetworkDisk: true);

    public SqliteStore Open(int shards = 256) => SqliteStore.Open(Held, [], shards, NullLogger<SqliteStore>.Instance);

    public void Dispose()
    {
        _held?.Dispose();
        Directory.Delete(Path, recursive: true);
    }
}
