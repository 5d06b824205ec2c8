using AgentCluster.Domain;
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

    public SqliteStore Open(int shards = 256, TimeSpan? lookEvery = null) => SqliteStore.Open(
        _held ??= DataDirectory.Take(Path, allowNetworkDisk: true), DomainTables.All, shards, NullLogger<SqliteStore>.Instance, lookEvery);

    /// <summary>Lets the directory go, for others to take.</summary>
    public void Release()
    {
        _held?.Dispose();
        _held = null;
    }

    /// <summary>The files as they are at this moment, as a power cut would leave them.</summary>
    public SqliteFolder Copy()
    {
        var copy = new SqliteFolder();
        foreach (var suffix in (string[])["", "-wal"])
        {
            System.IO.File.Copy(File + suffix, copy.File + suffix);
        }

        return copy;
    }

    public void Execute(string sql)
    {
        _ = SqliteStore.Library;
        using var connection = Connection.OpenWriter(File);
        connection.Execute(sql);
    }

    public void Dispose()
    {
        _held?.Dispose();
        Directory.Delete(Path, recursive: true);
    }
}
