using System.Globalization;
using System.Text;
using AgentCluster.Benchmarks.Subjects;
using AgentCluster.Tests.Storage.Postgres;
using Npgsql;

namespace AgentCluster.Benchmarks.Floors;

/// <summary>
/// A database with ready tasks, made by the node itself, on a PostgreSQL that the run starts with its defaults: commits are synced.
/// Every subject works on a copy of it.
/// </summary>
internal sealed class PostgresTemplate : IAsyncDisposable
{
    private const string Origin = "origin";

    // How commits are synced is the server's default. Between checkpoints there is room for a whole run, because the copies alone
    // would bring several in the middle of somebody's turn, and after each the server logs every page that is touched in full.
    private const string Settings = "-c max_wal_size=16GB -c checkpoint_timeout=1h";

    private readonly PostgresProcess _server;
    private int _copies;

    private PostgresTemplate(PostgresProcess server) => _server = server;

    /// <summary>What the node writes for one pair.</summary>
    public Sample Sample { get; private set; } = null!;

    /// <summary>Starts a server and makes the database.</summary>
    /// <param name="tasks">How many are ready in each project.</param>
    /// <param name="projects">How many projects.</param>
    public static async Task<PostgresTemplate> MakeAsync(int tasks, int projects)
    {
        var template = new PostgresTemplate(await PostgresProcess.StartAsync(Settings, CancellationToken.None));
        await using (var node = await StartAsync(await template._server.DatabaseAsync(Origin)))
        {
            for (var project = 0; project < projects; project++)
            {
                await Template.FillAsync(node, Template.ProjectOf(project), tasks);
            }
        }

        await template._server.ExecuteAsync(Origin, "VACUUM ANALYZE");
        await template.TakeSampleAsync();
        return template;
    }

    /// <summary>A node on a database.</summary>
    public static Task<RunningNode> StartAsync(string address) => RunningNode.StartAsync(
        Path.GetTempPath(),
        null,
        ("agentcluster.store.postgres", address),
        ("agentcluster.cluster.secret", "the same on every node of the benchmark"),
        ("agentcluster.cluster.address", "http://127.0.0.1:5080"));

    /// <summary>A database of its own for one subject, gone with it.</summary>
    public async Task<DatabaseCopy> CopyAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"copy_{++_copies}");
        return new(_server, name, await _server.DatabaseAsync(name, Origin));
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task TakeSampleAsync()
    {
        await using var copy = await CopyAsync();
        await using var source = NpgsqlDataSource.Create(copy.Address);
        byte[] running;
        string task;
        await using (var node = await StartAsync(copy.Address))
        {
            var pairs = new NodePairs(node);
            var (claimed, token) = await pairs.ClaimAsync(0);
            task = claimed.Value;
            running = (byte[])(await RowAsync(source, $"SELECT payload FROM task WHERE id = '{task}'"))[0];
            await pairs.CompleteAsync(0, claimed, token, null);
        }

        List<Home> homes = [];
        await using (var select = source.CreateCommand(
            "SELECT owner, min(t.shard), (SELECT sequence FROM lease l WHERE l.shard = min(t.shard)) FROM task t GROUP BY owner ORDER BY min(project)"))
        await using (var reader = await select.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
            {
                homes.Add(new(Encoding.UTF8.GetBytes(reader.GetString(0)), reader.GetInt32(1), reader.GetInt64(2)));
            }
        }

        var completed = (byte[])(await RowAsync(source, $"SELECT payload FROM task WHERE id = '{task}'"))[0];
        Sample = new(homes, await EventAsync(source, "task-claimed.v1"), await EventAsync(source, "task-completed.v1"), running, completed);
    }

    private static async Task<SampleEvent> EventAsync(NpgsqlDataSource source, string name)
    {
        var row = await RowAsync(source, $"SELECT payload, channels FROM event WHERE name = '{name}' LIMIT 1");
        return new(Encoding.UTF8.GetBytes(name), (byte[])row[0], Encoding.UTF8.GetBytes((string)row[1]));
    }

    private static async Task<object[]> RowAsync(NpgsqlDataSource source, string sql)
    {
        await using var select = source.CreateCommand(sql);
        await using var reader = await select.ExecuteReaderAsync();
        await reader.ReadAsync();
        var values = new object[reader.FieldCount];
        reader.GetValues(values);
        return values;
    }
}

/// <summary>A copy of the template.</summary>
/// <param name="server">Where it is.</param>
/// <param name="name">The database's.</param>
/// <param name="address">How it is reached.</param>
internal sealed class DatabaseCopy(PostgresProcess server, string name, string address) : IAsyncDisposable
{
    public string Address => address;

    public async ValueTask DisposeAsync() => await server.ExecuteAsync("postgres", $"DROP DATABASE {name} WITH (FORCE)");
}
