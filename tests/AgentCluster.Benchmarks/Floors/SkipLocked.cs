using System.Diagnostics;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace AgentCluster.Benchmarks.Floors;

/// <summary>
/// S on PostgreSQL: a queue in a table, as one writes it. Each caller has a connection and two prepared statements, claim by
/// <c>FOR UPDATE SKIP LOCKED</c> and complete by token, a transaction each. It writes the task's row alone: no event, no lease.
/// </summary>
internal sealed class SkipLocked : ISubject
{
    private readonly NpgsqlDataSource _source;
    private readonly Connection[] _connections;
    private readonly string[] _projects;
    private int _next;

    private SkipLocked(NpgsqlDataSource source, Connection[] connections, string[] projects) =>
        (_source, _connections, _projects) = (source, connections, projects);

    /// <param name="address">The database, a copy of its own.</param>
    /// <param name="sample">What to write. Pairs go round its homes.</param>
    /// <param name="callers">A connection each.</param>
    public static async Task<SkipLocked> StartAsync(string address, Sample sample, int callers)
    {
        var source = NpgsqlDataSource.Create(address + ";Enlist=false;No Reset On Close=true");

        // The index that such a query is given by whoever writes it, and a token that only grows.
        await using (var prepare = source.CreateCommand(
            $"CREATE INDEX task_best ON task (owner, priority, ordinal) WHERE status = 'pending'; CREATE SEQUENCE token START {Sample.Token} CACHE 1000"))
        {
            await prepare.ExecuteNonQueryAsync();
        }

        var connections = new Connection[callers];
        for (var caller = 0; caller < callers; caller++)
        {
            connections[caller] = await Connection.OpenAsync(source, sample);
        }

        return new(source, connections, [.. sample.Homes.Select(home => Encoding.UTF8.GetString(home.Actor))]);
    }

    public async ValueTask<long> DoAsync(int caller)
    {
        var (task, token) = await _connections[caller].ClaimAsync(_projects[(uint)Interlocked.Increment(ref _next) % (uint)_projects.Length]);
        var claimed = Stopwatch.GetTimestamp();
        await _connections[caller].CompleteAsync(task, token);
        return claimed;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }

        await _source.DisposeAsync();
    }

    private sealed class Connection(NpgsqlConnection connection, NpgsqlCommand claim, NpgsqlCommand complete) : IAsyncDisposable
    {
        private const string Claim =
            """
            UPDATE task SET status = 'running', assignee = 'agent-01', claim_token = nextval('token'), updated_at = $2, payload = $3
            WHERE id = (SELECT id FROM task WHERE owner = $1 AND status = 'pending' ORDER BY priority, ordinal LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING id, claim_token
            """;

        private const string Complete =
            "UPDATE task SET status = 'completed', claim_token = NULL, open = 0, updated_at = $3, payload = $4 WHERE id = $1 AND claim_token = $2";

        public static async Task<Connection> OpenAsync(NpgsqlDataSource source, Sample sample)
        {
            var opened = await source.OpenConnectionAsync();
            return new(
                opened,
                await PrepareAsync(opened, Claim, new(NpgsqlDbType.Text), new(NpgsqlDbType.Bigint), new(NpgsqlDbType.Bytea, sample.RunningRow)),
                await PrepareAsync(opened, Complete, new(NpgsqlDbType.Text), new(NpgsqlDbType.Bigint), new(NpgsqlDbType.Bigint), new(NpgsqlDbType.Bytea, sample.CompletedRow)));
        }

        public async Task<(string Task, long Token)> ClaimAsync(string project)
        {
            claim.Parameters[0].Value = project;
            claim.Parameters[1].Value = Now();
            await using var reader = await claim.ExecuteReaderAsync();
            return await reader.ReadAsync()
                ? (reader.GetString(0), reader.GetInt64(1))
                : throw new InvalidOperationException($"Expected a ready task of {project}, found none: the template is too small.");
        }

        public async Task CompleteAsync(string task, long token)
        {
            complete.Parameters[0].Value = task;
            complete.Parameters[1].Value = token;
            complete.Parameters[2].Value = Now();
            await complete.ExecuteNonQueryAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await claim.DisposeAsync();
            await complete.DisposeAsync();
            await connection.DisposeAsync();
        }

        private static async Task<NpgsqlCommand> PrepareAsync(NpgsqlConnection connection, string sql, params Place[] places)
        {
            var command = new NpgsqlCommand(sql, connection);
            foreach (var place in places)
            {
                command.Parameters.Add(new() { NpgsqlDbType = place.Type, Value = place.Value });
            }

            await command.PrepareAsync();
            return command;
        }

        private static long Now() => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks / 10;

        private sealed record Place(NpgsqlDbType Type, byte[]? Value = null);
    }
}
