using System.Diagnostics;
using System.Globalization;
using System.Net;
using AgentCluster.SystemTests.Histories;
using AgentCluster.SystemTests.Load;
using AgentCluster.SystemTests.Nodes;
using AgentCluster.Tests.Storage.Postgres;
using Npgsql;

namespace AgentCluster.SystemTests.Clusters;

/// <summary>
/// Goal: whatever becomes of the database, callers hear 503 and when to come again, or that nobody knows; the node's memory stays flat, it is
/// back within five seconds, nothing that was answered is lost and nothing is done twice.
/// Method: a node under 64 clients, on a PostgreSQL of this class's own that is restarted, frozen, filled, locked and slowed. In the
/// end everything that the clients were told is held against what is found.
/// </summary>
public sealed class UnwellDatabaseTests(UnwellDatabaseTests.OwnServer own, ITestOutputHelper output) : IClassFixture<UnwellDatabaseTests.OwnServer>
{
    private const string Project = "unwell";
    private const int Seed = 15;
    private const int Connections = 40;
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);
    private static int _databases;
    private readonly PostgresProcess _server = own.Server;
    private NodesOnPostgres _nodes = null!;
    private readonly string _database = string.Create(CultureInfo.InvariantCulture, $"unwell_{Interlocked.Increment(ref _databases)}");

    [Fact(Timeout = 300_000)]
    public Task A_database_that_is_restarted_every_few_seconds_loses_nothing() => UnderLoadAsync(async back =>
    {
        for (var restart = 0; restart < 4; restart++)
        {
            await (restart % 2 == 0 ? _server.CrashAsync() : _server.StopAsync());
            await _server.StartAsync(TestContext.Current.CancellationToken);
            await back();
        }
    });

    [Fact(Timeout = 300_000)]
    public Task A_database_that_stands_still_for_three_leases_loses_nothing() => UnderLoadAsync(async back =>
    {
        _server.Freeze();
        await PassAsync(3 * Lease);
        _server.Thaw();
        await back();
    });

    [Fact(Timeout = 300_000)]
    public Task A_database_without_a_free_connection_loses_nothing() => UnderLoadAsync(async back =>
    {
        await using var crowd = new Crowd(_server.Address("postgres"));
        await crowd.TakeAllAsync();
        await PassAsync(2 * Lease);
        await crowd.DisposeAsync();
        await back();
    });

    [Fact(Timeout = 300_000)]
    public Task A_client_that_stands_still_with_every_lease_row_locked_loses_nothing() => UnderLoadAsync(async back =>
    {
        await using var still = new NpgsqlConnection(_server.Address(_database) + ";Pooling=false");
        await still.OpenAsync();
        await using (var transaction = await still.BeginTransactionAsync())
        {
            await using var hold = new NpgsqlCommand("SELECT FROM lease ORDER BY shard FOR UPDATE", still, transaction);
            await hold.ExecuteNonQueryAsync();
            await PassAsync(3 * Lease);
        }

        await back();
    });

    /// <summary>Every fifth insert is slow, and every tenth fails as deadlocks and serializations do: callers wait, and hear nothing of it.</summary>
    [Fact(Timeout = 300_000)]
    public Task A_slow_database_with_deadlocks_loses_nothing() => UnderLoadAsync(async back =>
    {
        await _server.ExecuteAsync(_database,
            """
            CREATE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              IF random() < 0.2 THEN PERFORM pg_sleep(0.1); END IF;
              IF random() < 0.05 THEN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END IF;
              IF random() < 0.05 THEN RAISE EXCEPTION 'could not serialize access' USING ERRCODE = '40001'; END IF;
              RETURN NULL;
            END $$;
            CREATE TRIGGER trouble AFTER INSERT ON event FOR EACH STATEMENT EXECUTE FUNCTION trouble();
            """);
        await PassAsync(2 * Lease);
        await _server.ExecuteAsync(_database, "DROP TRIGGER trouble ON event");
        await back();
    }, proof: "agentcluster_commit_busy_total");

    /// <summary>Runs a node under load, lets something happen to its database, and checks what became of everything.</summary>
    /// <param name="happen">What happens; it calls its argument when the database is well again.</param>
    /// <param name="proof">A figure of the node that shows that it did; null where refused callers do.</param>
    private async Task UnderLoadAsync(Func<Func<Task>, Task> happen, string? proof = null)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var crew = new Crew(64, Project, Seed);
        var database = await _server.DatabaseAsync(_database);

        // A fault of some seconds is to be heard of, and not only waited for.
        await using var nodes = _nodes = await NodesOnPostgres.StartAsync(database, 1, Lease, cancellation, "agentcluster.runtime.ask-timeout=2 s");
        using var client = new NodeClient(nodes[0].Address);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var warm = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var working = crew.WorkAsync(nodes[0].Address, 1_000, warm.SetResult, enough.Token);
        await warm.Task.WaitAsync(cancellation);
        var before = Resident();
        var most = 0L;

        await happen(BackAsync);

        await enough.CancelAsync();
        await working;
        var refused = crew.History.Operations.Count(operation => operation.Outcome == Outcome.NotDone);
        var unknown = crew.History.Operations.Count(operation => operation.Outcome == Outcome.Unknown);
        output.WriteLine($"{crew.History.Operations.Count} operations, {refused} refused, {unknown} unknown; memory {before >> 20} MiB before, {most >> 20} MiB at most");
        Assert.True(proof is null ? refused + unknown > 0 : await nodes.MetricAsync(0, proof, cancellation) > 0, "Nobody met the fault: it proves nothing.");
        Assert.InRange(most, 0, before + (192L << 20));
        Violations.AssertNone(await crew.CheckAsync(nodes[0].Address, cancellation));

        async Task BackAsync()
        {
            most = Math.Max(most, Resident());
            var clock = Stopwatch.StartNew();
            while ((await client.PostAsync("/api/v1/tasks/", $$"""{"title":"back","project":"{{Project}}-back"}""", cancellation)).Code.Length > 0)
            {
                Assert.True(clock.Elapsed < Soon, $"Expected the node to be back {Soon.TotalSeconds} s after its database, found it away.");
                await Pause.ForAMomentAsync(cancellation);
            }

            output.WriteLine(FormattableString.Invariant($"back after {clock.Elapsed.TotalSeconds:0.0} s"));
        }

        long Resident() => long.Parse(
            File.ReadLines($"/proc/{nodes[0].Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            CultureInfo.InvariantCulture) << 10;
    }

    /// <summary>The fault lasts, the clients meet it meanwhile, and the node itself is alive.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        using var client = new NodeClient(_nodes[0].Address);
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < time;)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/live", TestContext.Current.CancellationToken)).Status);
            await Pause.ForAMomentAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The server of this class, with few connections.</summary>
    public sealed class OwnServer : IAsyncLifetime
    {
        internal PostgresProcess Server { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            Server = await PostgresProcess.StartAsync($"-c fsync=off -c max_connections={Connections}", TestContext.Current.CancellationToken);

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }

    /// <summary>Takes all connections that a server has.</summary>
    private sealed class Crowd(string address) : IAsyncDisposable
    {
        private readonly List<NpgsqlConnection> _held = [];

        public async Task TakeAllAsync()
        {
            _held.Add(await OpenAsync());
            do
            {
                await AskAsync("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name LIKE 'agentcluster%'");
                await TakeFreeAsync();
            }
            while (await AskAsync("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'agentcluster%'") > 0);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var connection in _held)
            {
                await connection.DisposeAsync();
            }
        }

        private async Task TakeFreeAsync()
        {
            try
            {
                while (true)
                {
                    _held.Add(await OpenAsync());
                }
            }
            catch (PostgresException full) when (full.SqlState == PostgresErrorCodes.TooManyConnections)
            {
                // There are no more.
            }
        }

        private async Task<NpgsqlConnection> OpenAsync()
        {
            var connection = new NpgsqlConnection(address + ";Pooling=false");
            await connection.OpenAsync();
            return connection;
        }

        private async Task<long> AskAsync(string sql)
        {
            await using var ask = new NpgsqlCommand(sql, _held[0]);
            return (long)(await ask.ExecuteScalarAsync())!;
        }
    }
}
