using System.Globalization;
using AgentCluster.Tests.Storage.Postgres;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace AgentCluster.Tests.Storage.Postgres;

/// <summary>
/// A PostgreSQL of this run's own, started by the first test that needs one and stopped when the run ends, however it ends.
/// Where it cannot be started those tests fail; none is left out.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly SemaphoreSlim Gate = new(1);
    private static PostgresProcess? _server;
    private static int _databases;

    /// <summary>The address of a new database on the server; started when it is not.</summary>
    internal static async Task<string> DatabaseAsync(CancellationToken cancellationToken)
    {
        await Gate.WaitAsync(cancellationToken);
        try
        {
            // fsync is off: what a test kills is a process, never the machine.
            _server ??= await PostgresProcess.StartAsync("-c max_connections=400 -c fsync=off", cancellationToken);
        }
        finally
        {
            Gate.Release();
        }

        return await _server.DatabaseAsync(string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}"));
    }

    /// <summary>Runs a statement as the server's owner.</summary>
    internal static Task ExecuteAsync(string database, string sql) => _server!.ExecuteAsync(database, sql);

    internal static string Address(string database) => _server!.Address(database);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
