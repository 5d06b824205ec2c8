using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AgentCluster.Tests.Storage.Postgres;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace AgentCluster.Tests.Storage.Postgres;

/// <summary>
/// A PostgreSQL of this run's own, in a temporary directory, started by the first test that needs one and stopped when the run
/// ends, however it ends. Where it cannot be started those tests fail; none is left out.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly SemaphoreSlim Gate = new(1);
    private static Process? _guard;
    private static string? _directory;
    private static int _port;
    private static int _databases;

    /// <summary>The address of a new database on the server; started when it is not.</summary>
    internal static async Task<string> DatabaseAsync(CancellationToken cancellationToken)
    {
        await Gate.WaitAsync(cancellationToken);
        try
        {
            if (_guard is null)
            {
                await StartAsync(cancellationToken);
            }
        }
        finally
        {
            Gate.Release();
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref _databases)}");
        await ExecuteAsync("postgres", $"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0");
        return Address(name);
    }

    /// <summary>Runs a statement as the server's owner.</summary>
    internal static async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(Address(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    internal static string Address(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Database={database};Username=postgres");

    public async ValueTask DisposeAsync()
    {
        if (_guard is { } guard)
        {
            NpgsqlConnection.ClearAllPools();
            guard.StandardInput.Close();
            await guard.WaitForExitAsync();
            guard.Dispose();
            Directory.Delete(_directory!, recursive: true);
        }
    }

    private static async Task StartAsync(CancellationToken cancellationToken)
    {
        var programs = Programs();
        _directory = Directory.CreateTempSubdirectory("agentcluster-pg-").FullName;
        _port = FreePort();
        var data = Path.Combine(_directory, "data");

        // fsync is off: what a test kills is a process, never the machine. PostgreSQL refuses to run as root. The shell ends it when this process closes its end of the pipe, also by dying.
        var asUser = Environment.IsPrivilegedProcess ? "setpriv --reuid=postgres --regid=postgres --clear-groups " : "";
        if (asUser.Length > 0)
        {
            await RunAsync($"chown postgres {_directory}", cancellationToken);
        }

        await RunAsync($"{asUser}{programs}/initdb -D {data} -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync", cancellationToken);
        _guard = Start(
            $"{asUser}{programs}/postgres -D {data} -h 127.0.0.1 -p {_port} -k {_directory} -c max_connections=400 -c fsync=off >{_directory}/log 2>&1 & " +
            "server=$!; cat >/dev/null; kill -INT $server; wait $server");
        await AnswersAsync(cancellationToken);
    }

    private static async Task AnswersAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await ExecuteAsync("postgres", "SELECT 1");
                return;
            }
            catch (NpgsqlException) when (attempt < 300)
            {
                await Task.Delay(100, cancellationToken);
            }
        }
    }

    private static string Programs()
    {
        var found = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin")) : [];
        return found.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'))
            .LastOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "postgres")))
            ?? throw new InvalidOperationException("Expected PostgreSQL's initdb and postgres, found none: install postgresql (./test.sh does).");
    }

    private static async Task RunAsync(string command, CancellationToken cancellationToken)
    {
        using var process = Start($"{command} >{_directory}.out 2>&1");
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        var said = await File.ReadAllTextAsync($"{_directory}.out", cancellationToken);
        File.Delete($"{_directory}.out");
        Assert.True(process.ExitCode == 0, $"{command}: {said}");
    }

    private static Process Start(string script) => Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script])
    {
        RedirectStandardInput = true,
        WorkingDirectory = "/",
    })!;

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
