using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace AgentCluster.Tests.Storage.Postgres;

/// <summary>A PostgreSQL of its own, in a temporary directory. It ends with this, and with the process that started it, however that ends.</summary>
internal sealed class PostgresProcess : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("agentcluster-pg-").FullName;
    private readonly string _settings;
    private readonly int _port = Ports.Free();
    private Process? _guard;

    private PostgresProcess(string settings) => _settings = settings;

    private string Data => Path.Combine(_directory, "data");

    /// <summary>Makes a server and starts it.</summary>
    /// <param name="settings">Such as <c>-c fsync=off</c>; empty for the defaults, with which commits are synced.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">PostgreSQL is not installed, or does not start.</exception>
    public static async Task<PostgresProcess> StartAsync(string settings, CancellationToken cancellationToken)
    {
        var server = new PostgresProcess(settings);

        // PostgreSQL refuses to run as root.
        if (Environment.IsPrivilegedProcess)
        {
            await server.RunAsync($"chown postgres {server._directory}", cancellationToken);
        }

        await server.RunAsync($"{AsUser}{Programs()}/initdb -D {server.Data} -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync", cancellationToken);
        await server.StartAsync(cancellationToken);
        return server;
    }

    private static string AsUser => Environment.IsPrivilegedProcess ? "setpriv --reuid=postgres --regid=postgres --clear-groups " : "";

    /// <summary>Starts it again, at the same address.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // The shell ends the server when its own input ends: when it is closed, and when this process dies.
        _guard = Start(
            $"{AsUser}{Programs()}/postgres -D {Data} -h 127.0.0.1 -p {_port} -k {_directory} {_settings} >>{_directory}/log 2>&1 & " +
            "server=$!; cat >/dev/null; kill -CONT $server $(cat /proc/$server/task/$server/children 2>/dev/null) 2>/dev/null; kill -INT $server 2>/dev/null; wait $server");
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

    /// <summary>Ends it: every session is cut, and what was not committed is rolled back.</summary>
    public async Task StopAsync()
    {
        using var guard = _guard!;
        _guard = null;
        guard.StandardInput.Close();
        await guard.WaitForExitAsync();
    }

    /// <summary>Ends it as a crash does: nothing is finished, and the next start recovers from the write-ahead log.</summary>
    public async Task CrashAsync()
    {
        Signal("-QUIT", [Postmaster()]);
        await StopAsync();
    }

    /// <summary>Starts it again as one does after a restore: it recovers to the end of its log, and goes on in another timeline.</summary>
    public Task RestoreAsync(CancellationToken cancellationToken) => RecoverAsync("recovery.signal", cancellationToken);

    /// <summary>Starts it again as a standby: it reads, and waits for a log of its primary that never comes.</summary>
    public Task StandByAsync(CancellationToken cancellationToken) => RecoverAsync("standby.signal", cancellationToken);

    private async Task RecoverAsync(string signal, CancellationToken cancellationToken)
    {
        await StopAsync();
        await File.WriteAllTextAsync(Path.Combine(Data, signal), "", cancellationToken);
        await File.AppendAllTextAsync(Path.Combine(Data, "postgresql.auto.conf"), "restore_command = 'false'\n", cancellationToken);
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync($"chown postgres {Data}/{signal}", cancellationToken);
        }

        await StartAsync(cancellationToken);
    }

    /// <summary>Lets callers from another network in.</summary>
    /// <param name="range">Their addresses, such as 10.98.0.0/24.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task AdmitAsync(string range, CancellationToken cancellationToken)
    {
        await File.AppendAllTextAsync(Path.Combine(Data, "pg_hba.conf"), $"host all all {range} trust\n", cancellationToken);
        await ExecuteAsync("postgres", "SELECT pg_reload_conf()");
    }

    /// <summary>SIGSTOP: no process of it does anything until <see cref="Thaw"/>; connections stay open.</summary>
    public void Freeze()
    {
        // The first begins no others once it stands still.
        Signal("-STOP", [Postmaster()]);
        Signal("-STOP", Children());
    }

    /// <summary>SIGCONT.</summary>
    public void Thaw() => Signal("-CONT", [.. Children(), Postmaster()]);

    /// <summary>The address of a new database.</summary>
    public async Task<string> DatabaseAsync(string name, string template = "template0")
    {
        await ExecuteAsync("postgres", $"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE {template}");
        return Address(name);
    }

    /// <summary>Runs statements as the server's owner, whatever they take.</summary>
    public async Task ExecuteAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(Address(database) + ";Pooling=false;Command Timeout=0");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public string Address(string database) =>
        string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={_port};Database={database};Username=postgres");

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_guard is not null)
        {
            await StopAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private string Postmaster() => File.ReadLines(Path.Combine(Data, "postmaster.pid")).First();

    private string[] Children()
    {
        var postmaster = Postmaster();
        return File.ReadAllText($"/proc/{postmaster}/task/{postmaster}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
    }

    // A process that has ended meanwhile is none that would have to be told.
    private static void Signal(string signal, string[] processes)
    {
        if (processes.Length > 0)
        {
            using var kill = Process.Start(new ProcessStartInfo("/bin/kill", [signal, .. processes]) { RedirectStandardError = true })!;
            kill.WaitForExit();
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

    private async Task RunAsync(string command, CancellationToken cancellationToken)
    {
        using var process = Start($"{command} >{_directory}.out 2>&1");
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        var said = await File.ReadAllTextAsync($"{_directory}.out", cancellationToken);
        File.Delete($"{_directory}.out");
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{command} ended with {process.ExitCode}: {said}");
        }
    }

    private static Process Start(string script) => Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script])
    {
        RedirectStandardInput = true,
        WorkingDirectory = "/",
    })!;
}
