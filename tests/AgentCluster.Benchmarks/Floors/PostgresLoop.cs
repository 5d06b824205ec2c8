using System.Diagnostics;
using System.Text;
using Npgsql;
using NpgsqlTypes;

namespace AgentCluster.Benchmarks.Floors;

/// <summary>
/// F on PostgreSQL: callers put what they want into a list; a loop on one connection decides all that waits in memory and writes it
/// with one prepared statement of arrays, to the same tables and indexes as the node, the rows of leases included.
/// </summary>
internal sealed class PostgresLoop : ISubject
{
    private readonly NpgsqlDataSource _source;
    private readonly Loop _loop;
    private readonly Project[] _projects;
    private int _next;

    private PostgresLoop(NpgsqlDataSource source, Loop loop, Project[] projects) => (_source, _loop, _projects) = (source, loop, projects);

    /// <summary>Decisions a commit.</summary>
    public double MeanGroup => (double)_loop.Decisions / _loop.Commits;

    /// <summary>Starts the loop.</summary>
    /// <param name="address">The database, a copy of its own.</param>
    /// <param name="sample">What to write. Pairs go round its homes.</param>
    public static async Task<PostgresLoop> StartAsync(string address, Sample sample)
    {
        var source = NpgsqlDataSource.Create(address + ";Enlist=false;No Reset On Close=true;Write Buffer Size=65536");
        var shards = sample.Homes.GroupBy(home => home.Shard).ToDictionary(homes => homes.Key, homes => new Shard(homes.Key, homes.Max(home => home.Sequence)));
        List<Project> projects = [];
        foreach (var home in sample.Homes)
        {
            var actor = Encoding.UTF8.GetString(home.Actor);
            projects.Add(new(actor, shards[home.Shard], await ReadyAsync(source, actor)));
        }

        return new(source, new(await source.OpenConnectionAsync(), sample), [.. projects]);
    }

    public async ValueTask<long> DoAsync(int caller)
    {
        var project = _projects[(uint)Interlocked.Increment(ref _next) % (uint)_projects.Length];
        var task = await _loop.AskAsync(new(project, null));
        var claimed = Stopwatch.GetTimestamp();
        await _loop.AskAsync(new(project, task));
        return claimed;
    }

    public async ValueTask DisposeAsync()
    {
        await _loop.DisposeAsync();
        await _source.DisposeAsync();
    }

    private static async Task<Queue<string>> ReadyAsync(NpgsqlDataSource source, string actor)
    {
        await using var select = source.CreateCommand("SELECT id FROM task WHERE owner = $1 AND status = 'pending' ORDER BY priority, ordinal");
        select.Parameters.Add(new() { Value = actor });
        await using var reader = await select.ExecuteReaderAsync();
        var ready = new Queue<string>();
        while (await reader.ReadAsync())
        {
            ready.Enqueue(reader.GetString(0));
        }

        return ready;
    }

    private sealed class Shard(int number, long sequence)
    {
        public int Number => number;

        public long Sequence { get; set; } = sequence;
    }

    private sealed record Project(string Actor, Shard Shard, Queue<string> Ready);

    private sealed class Wish(Project project, string? completes)
    {
        public TaskCompletionSource<string> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Project Project => project;

        public bool Completes => completes is not null;

        public string Task { get; private set; } = "";

        public long Sequence { get; private set; }

        public void Decide()
        {
            Task = completes ?? project.Ready.Dequeue();
            Sequence = ++project.Shard.Sequence;
        }
    }

    private sealed class Loop : IAsyncDisposable
    {
        private const string Write =
            """
            WITH moved AS (
              UPDATE lease AS l SET sequence = b.next, last_batch = b.id
              FROM unnest($1::integer[], $2::bigint[], $3::uuid[]) AS b(shard, next, id) WHERE l.shard = b.shard
            ), appended AS (
              INSERT INTO event (shard, sequence, actor, name, at, payload, replayed, channels)
              SELECT shard, sequence, actor, name, at, payload, false, channels
              FROM unnest($4::integer[], $5::bigint[], $6::text[], $7::text[], $8::bigint[], $9::bytea[], $10::text[])
                AS e(shard, sequence, actor, name, at, payload, channels)
            )
            UPDATE task AS t SET status = w.status, assignee = 'agent-01', claim_token = w.token, open = w.open, updated_at = w.at, payload = w.payload
            FROM unnest($11::text[], $12::text[], $13::bigint[], $14::bigint[], $8::bigint[], $15::bytea[]) AS w(id, status, token, open, at, payload)
            WHERE t.id = w.id
            """;

        private readonly NpgsqlConnection _connection;
        private readonly Sample _sample;
        private readonly string[] _names;
        private readonly string[] _channels;
        private readonly SemaphoreSlim _wake = new(0);
        private readonly Task _running;
        private List<Wish> _waiting = [];
        private long _token = Sample.Token;
        private bool _closed;

        public Loop(NpgsqlConnection connection, Sample sample)
        {
            (_connection, _sample) = (connection, sample);
            _names = [Encoding.UTF8.GetString(sample.Claimed.Name), Encoding.UTF8.GetString(sample.Completed.Name)];
            _channels = [Encoding.UTF8.GetString(sample.Claimed.Channels), Encoding.UTF8.GetString(sample.Completed.Channels)];
            _running = Task.Run(WorkAsync);
        }

        public long Commits { get; private set; }

        public long Decisions { get; private set; }

        public Task<string> AskAsync(Wish wish)
        {
            lock (_wake)
            {
                _waiting.Add(wish);
                if (_waiting.Count == 1)
                {
                    _wake.Release();
                }
            }

            return wish.Done.Task;
        }

        public async ValueTask DisposeAsync()
        {
            _closed = true;
            _wake.Release();
            await _running;
            await _connection.DisposeAsync();
            _wake.Dispose();
        }

        private async Task WorkAsync()
        {
            await using var write = new NpgsqlCommand(Write, _connection);
            var places = Places(write);
            await write.PrepareAsync();
            while (true)
            {
                await _wake.WaitAsync();
                if (_closed)
                {
                    return;
                }

                // Whoever was answered just now asks again: a fuller group is worth more than the moment.
                await Task.Yield();
                List<Wish> group;
                lock (_wake)
                {
                    (group, _waiting) = (_waiting, []);
                }

                group.ForEach(wish => wish.Decide());
                Bind(places, group);
                await write.ExecuteNonQueryAsync();
                Commits++;
                Decisions += group.Count;
                group.ForEach(wish => wish.Done.SetResult(wish.Task));
            }
        }

        private static NpgsqlParameter[] Places(NpgsqlCommand write)
        {
            NpgsqlDbType[] types =
            [
                NpgsqlDbType.Integer, NpgsqlDbType.Bigint, NpgsqlDbType.Uuid,
                NpgsqlDbType.Integer, NpgsqlDbType.Bigint, NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Bigint, NpgsqlDbType.Bytea, NpgsqlDbType.Text,
                NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Bigint, NpgsqlDbType.Bigint, NpgsqlDbType.Bytea,
            ];
            NpgsqlParameter[] places = [.. types.Select(type => new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Array | type })];
            write.Parameters.AddRange(places);
            return places;
        }

        private void Bind(NpgsqlParameter[] places, List<Wish> group)
        {
            var shards = group.Select(wish => wish.Project.Shard).Distinct().OrderBy(shard => shard.Number).ToArray();
            var now = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks / 10;
            places[0].Value = Array.ConvertAll(shards, shard => shard.Number);
            places[1].Value = Array.ConvertAll(shards, shard => shard.Sequence);
            places[2].Value = Array.ConvertAll(shards, _ => Guid.NewGuid());
            places[3].Value = Of(group, wish => wish.Project.Shard.Number);
            places[4].Value = Of(group, wish => wish.Sequence);
            places[5].Value = Of(group, wish => wish.Project.Actor);
            places[6].Value = Of(group, wish => _names[wish.Completes ? 1 : 0]);
            places[7].Value = Of(group, _ => now);
            places[8].Value = Of(group, wish => (wish.Completes ? _sample.Completed : _sample.Claimed).Payload);
            places[9].Value = Of(group, wish => _channels[wish.Completes ? 1 : 0]);
            places[10].Value = Of(group, wish => wish.Task);
            places[11].Value = Of(group, wish => wish.Completes ? "completed" : "running");
            places[12].Value = Of(group, wish => wish.Completes ? (long?)null : ++_token);
            places[13].Value = Of(group, wish => wish.Completes ? 0L : 1L);
            places[14].Value = Of(group, wish => wish.Completes ? _sample.CompletedRow : _sample.RunningRow);
        }

        private static T[] Of<T>(List<Wish> group, Func<Wish, T> column)
        {
            var values = new T[group.Count];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = column(group[i]);
            }

            return values;
        }
    }
}
