using System.Globalization;
using Npgsql;

namespace AgentCluster.Storage.Postgres;

/// <summary>
/// The connections of a store, apart for each use: reads that fill theirs keep nobody from writing, and nothing keeps leases
/// from being renewed.
/// </summary>
internal sealed class Sources : IAsyncDisposable
{
    private const int WritingConnections = 4;
    private const int ReadingConnections = 8;
    private const int LeasingConnections = 2;
    private const int HintingConnections = 2;
    private const int LeastForRenewal = 3;
    private const int Cancelling = 13;

    // What a commit looks up by key is in memory. Counted as reads of a disk, sixteen lease rows would be found by reading all of them.
    private const string LooksUp = "-c random_page_cost=0.1";

    public Sources(PostgresOptions options)
    {
        // The server ends a statement before it is given up here. A lease ends sooner than that: a renewal on a connection that died without
        // a word must leave time for another on a new one.
        Statement = options.StatementTimeout + TimeSpan.FromSeconds(1);
        Renewal = TimeSpan.FromSeconds(Math.Max(LeastForRenewal, options.SessionTimeout.TotalSeconds + 1));
        Writes = Of(options, "writes", WritingConnections, LooksUp);
        Reads = Of(options, "reads", ReadingConnections);
        Leases = Of(options, "leases", LeasingConnections);
        Hints = Of(options, "hints", HintingConnections);
    }

    /// <summary>How long an answer is waited for.</summary>
    public TimeSpan Statement { get; }

    /// <summary>How long the answer to a renewal is waited for.</summary>
    public TimeSpan Renewal { get; }

    /// <summary>Commits.</summary>
    public NpgsqlDataSource Writes { get; }

    /// <summary>Everything that is read for actors and lists.</summary>
    public NpgsqlDataSource Reads { get; }

    /// <summary>Acquiring, renewing, releasing and settling.</summary>
    public NpgsqlDataSource Leases { get; }

    /// <summary>Listening, and telling others.</summary>
    public NpgsqlDataSource Hints { get; }

    /// <summary>After a connection was lost the others are probably dead too: they are not waited for one by one.</summary>
    public void Forget()
    {
        Writes.Clear();
        Reads.Clear();
        Leases.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await Writes.DisposeAsync();
        await Reads.DisposeAsync();
        await Leases.DisposeAsync();
        await Hints.DisposeAsync();
    }

    private static NpgsqlDataSource Of(PostgresOptions options, string use, int connections, string more = "")
    {
        var parts = new NpgsqlConnectionStringBuilder(options.Address)
        {
            ApplicationName = $"agentcluster {use}",
            Password = options.Password?.Reveal(),
            MaxPoolSize = connections,
            Timeout = 5,

            // What Patience has ended is over by then, with all that the driver waits for to cancel it; and its connection is not waited for once more.
            CommandTimeout = Seconds(options.StatementTimeout) + Cancelling,
            CancellationTimeout = -1,
            KeepAlive = 10,
            MaxAutoPrepare = 256,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
            Enlist = false,
            WriteBufferSize = 65_536,
        };
        parts.Options = string.Join(' ', [parts.Options ?? "", .. Session(options), more]).Trim();
        var builder = new NpgsqlDataSourceBuilder(parts.ConnectionString);
        builder.UsePhysicalConnectionInitializer(
            opened => RefuseStandbyAsync(opened).GetAwaiter().GetResult(),
            RefuseStandbyAsync);
        return builder.Build();
    }

    /// <summary>What each session is set to, so that the server ends what a stopped or unreachable client has left behind.</summary>
    private static IEnumerable<string> Session(PostgresOptions options) =>
        new (string Name, string Value)[]
        {
            ("statement_timeout", Millis(options.StatementTimeout)),
            ("lock_timeout", Millis(options.SessionTimeout)),
            ("idle_in_transaction_session_timeout", Millis(options.SessionTimeout)),
            ("tcp_user_timeout", Millis(options.SessionTimeout)),
            ("tcp_keepalives_idle", Seconds(options.SessionTimeout).ToString(CultureInfo.InvariantCulture)),
            ("default_transaction_isolation", @"read\ committed"),
            ("jit", "off"),
        }.Select(setting => $"-c {setting.Name}={setting.Value}");

    // Leases and journal of a standby are of the past.
    private static async Task RefuseStandbyAsync(NpgsqlConnection opened)
    {
        await using var command = new NpgsqlCommand("SELECT pg_is_in_recovery()", opened);
        if (await command.ExecuteScalarAsync() is true)
        {
            throw new NpgsqlException("Expected a server that takes writes, found a standby.");
        }
    }

    private static string Millis(TimeSpan time) => time.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);

    private static int Seconds(TimeSpan time) => (int)Math.Ceiling(time.TotalSeconds);
}
