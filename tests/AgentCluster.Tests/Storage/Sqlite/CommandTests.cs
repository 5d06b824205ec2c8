using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AgentCluster.Actors;
using AgentCluster.Runtime.Store;
using AgentCluster.Storage.Sqlite;
using AgentCluster.Storage.Sqlite.Commands;

namespace AgentCluster.Tests.Storage.Sqlite;

/// <summary>A remembered command is found wherever it is: in the tail, in a run, on its way from one to the other, after a restart.</summary>
public sealed class CommandTests : IDisposable
{
    private const int Many = (2 * CommandWriter.RunLength) + 500;
    private static readonly ActorId Registry = new("registry", "p");
    private readonly SqliteFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    // Broken on purpose: the tail not looked through; only the tail looked through; a run added without its entries.
    [Fact(Timeout = 60_000)]
    public async Task It_is_found_in_the_tail_and_in_every_run_and_nothing_else_is()
    {
        await using (var store = _folder.Open())
        {
            await RememberAsync(store, 1, Many);
            await AssertFoundAsync(store, 1, Many);
        }

        Assert.Equal([CommandWriter.RunLength, 2 * CommandWriter.RunLength], Numbers("SELECT run FROM command_sorted ORDER BY run"));
        await using var again = _folder.Open();
        await AssertFoundAsync(again, 1, Many);
        await RememberAsync(again, Many + 1, 10);
        await AssertFoundAsync(again, 1, Many + 10);
        Assert.Empty(await again.ReadAsync(RuntimeTables.Command, [Id(-1), Id(Many + 11)], Token));
    }

    [Fact]
    public async Task It_comes_back_as_it_was_written_also_among_ids_that_begin_alike()
    {
        var alike = Enumerable.Range(0, 50).Select(i => $"{new string('a', 20)}{i:d12}").ToArray();
        await using (var store = _folder.Open())
        {
            await RememberAsync(store, [.. alike.Select(id => Remembered(1) with { Key = new(RuntimeTables.Command.Name, id) })]);
            await RememberAsync(store, 1, CommandWriter.RunLength);
        }

        await using var again = _folder.Open();
        foreach (var id in alike)
        {
            var found = Assert.Single(await again.ReadAsync(RuntimeTables.Command, [id], Token));
            Assert.Equal((id, Registry, "{\"number\":1}"), (found.Key.Id, found.Owner, Encoding.UTF8.GetString(found.Payload.Span)));
        }
    }

    // Broken on purpose: the runs asked in one transaction and the tail looked through in the next.
    [Fact(Timeout = 60_000)]
    public async Task One_that_goes_into_a_run_while_it_is_looked_for_is_found()
    {
        await _folder.Open().DisposeAsync();
        using var reader = new Reader(_folder.File, new Dictionary<string, RowSql>());
        using var connection = Connection.OpenWriter(_folder.File);
        var writer = new CommandWriter(connection);
        Put(connection, writer, 1, 2 * CommandWriter.RunLength);

        // Whatever is asked next, there is one run more by then.
        var found = reader.Read(prepare => CommandReads.Find(
            sql =>
            {
                Sort(connection, writer);
                return prepare(sql);
            },
            [Id(1), Id(CommandWriter.RunLength + 1), Id(2 * CommandWriter.RunLength)]));

        Assert.Equal(3, found.Count);
        Assert.Equal([CommandWriter.RunLength], Numbers("SELECT run FROM command_sorted"));
    }

    // Broken on purpose: a run added without its entries.
    [Fact(Timeout = 60_000)]
    public async Task Those_that_are_remembered_are_found_by_everybody_while_runs_are_made()
    {
        await using var store = _folder.Open();
        var written = 0;
        var writing = Task.Run(async () =>
        {
            var lease = (await store.AcquireAsync([0], new(1), Token))[0];
            for (var at = 0; at < 4 * CommandWriter.RunLength; at += 512)
            {
                lease = await WriteAsync(store, lease, [.. Enumerable.Range(at + 1, 512).Select(Remembered)]);
                Volatile.Write(ref written, at + 512);
            }
        }, Token);

        await Task.WhenAll(Enumerable.Range(0, 3).Select(reader => Task.Run(async () =>
        {
            var random = new Random(reader);
            while (!writing.IsCompleted)
            {
                var last = Volatile.Read(ref written);
                var ids = last == 0 ? [] : Enumerable.Range(0, 8).Select(_ => Id(1 + random.Next(last))).Append(Id(last)).Distinct().ToArray();
                Assert.Equal(ids.Length, (await store.ReadAsync(RuntimeTables.Command, ids, Token)).Count);
            }
        }, Token)));
        await writing;
        Assert.Equal(4, Numbers("SELECT run FROM command_sorted").Count);
    }

    // Broken on purpose: what is sorted taken to be in a run before that is committed.
    [Fact(Timeout = 60_000)]
    public async Task A_run_is_made_whole_or_not_at_all()
    {
        await _folder.Open().DisposeAsync();
        using (var connection = Connection.OpenWriter(_folder.File))
        {
            var writer = new CommandWriter(connection);
            Put(connection, writer, 1, CommandWriter.RunLength);
            connection.Execute("BEGIN IMMEDIATE");
            writer.Sort();
            connection.Execute("ROLLBACK");
            Assert.Empty(Numbers("SELECT run FROM command_sorted UNION ALL SELECT number FROM command_run"));
            Assert.True(writer.IsTailLong);
        }

        await using var again = _folder.Open();
        await AssertFoundAsync(again, 1, CommandWriter.RunLength);
        await RememberAsync(again, CommandWriter.RunLength + 1, 1);
        await AssertFoundAsync(again, 1, CommandWriter.RunLength + 1);
    }

    [Fact]
    public async Task One_that_is_taken_back_by_its_shard_is_gone()
    {
        await using var store = _folder.Open();
        await RememberAsync(store, 1, 3);
        foreach (var shard in (int[])[0, 1])
        {
            var lease = (await store.AcquireAsync([shard], new(1), Token))[0];
            var batch = new StoreBatch(lease, lease.LastBatch + 1, [], [], [new(RuntimeTables.Command, Id(2 + shard))]);
            Assert.Equal(CommitOutcome.Done, (await store.CommitAsync([batch], Token)).Outcome);
        }

        Assert.Empty(await store.ReadAsync(RuntimeTables.Command, [Id(2)], Token));
        await AssertFoundAsync(store, 3, 1);
    }

    // Broken on purpose: runs that are never dropped; all of them dropped; the counter begun at 1; the last number not kept.
    [Fact(Timeout = 60_000)]
    public async Task What_is_forgotten_goes_with_its_runs_and_its_number_is_never_given_again()
    {
        await using (var store = _folder.Open())
        {
            await RememberAsync(store, 1, Many);
            Assert.Equal(CommandWriter.RunLength + 1, await store.ForgetCommandsAsync(At(CommandWriter.RunLength + 2), 100_000, Token));
            Assert.Empty(await store.ReadAsync(RuntimeTables.Command, [Id(1), Id(CommandWriter.RunLength + 1)], Token));
            await AssertFoundAsync(store, CommandWriter.RunLength + 2, Many - CommandWriter.RunLength - 1);
            Assert.Equal([2 * CommandWriter.RunLength], Numbers("SELECT DISTINCT run FROM command_run"));

            Assert.Equal(Many - CommandWriter.RunLength - 1, await store.ForgetCommandsAsync(At(Many + 1), 100_000, Token));
        }

        Assert.Empty(Numbers("SELECT run FROM command_sorted UNION ALL SELECT run FROM command_run UNION ALL SELECT number FROM command"));
        await using var again = _folder.Open();
        Assert.Empty(await again.ReadAsync(RuntimeTables.Command, [Id(1), Id(Many)], Token));
        await RememberAsync(again, 1, 1);
        await AssertFoundAsync(again, 1, 1);
        Assert.Equal([Many + 1], Numbers("SELECT number FROM command"));
    }

    [Fact(Timeout = 60_000)]
    public async Task One_that_was_remembered_under_a_clock_ahead_stays_and_keeps_no_other()
    {
        await using var store = _folder.Open();
        await RememberAsync(store, 100_000, 1);
        await RememberAsync(store, 1, Many);

        Assert.Equal(Many, await store.ForgetCommandsAsync(At(Many + 1), 100_000, Token));

        await AssertFoundAsync(store, 100_000, 1);
        Assert.Empty(await store.ReadAsync(RuntimeTables.Command, [Id(1), Id(Many)], Token));
    }

    // Broken on purpose: numbers that begin behind the last command, not behind the last run.
    [Fact]
    public async Task A_number_that_a_run_covers_is_never_given()
    {
        await using (var store = _folder.Open())
        {
            await RememberAsync(store, 1, 10);
        }

        // A group that failed has used numbers, and what was stored before was sorted after that.
        _folder.Execute("INSERT INTO command_sorted VALUES (20, 0, 0); INSERT INTO command_run SELECT 20, substr(id, 1, 12), number FROM command");
        await using var again = _folder.Open();
        await RememberAsync(again, 11, 1);

        await AssertFoundAsync(again, 1, 11);
    }

    // Broken on purpose: a migration that copies nothing; the first run begun at number 0, which some of the old ones are far from.
    [Theory]
    [InlineData(0)]
    [InlineData(5_000_000)]
    public async Task What_an_older_version_remembered_is_found_and_sorted_little_by_little(int forgotten)
    {
        using (var connection = OldFile())
        {
            connection.Execute(
                "INSERT INTO command (rowid, id, shard, owner, payload_hash, reply_name, at, payload) " +
                $"VALUES ({forgotten + 1}, '{Id(0)}', 0, 'registry/p', 'hash', 'reply.v1', 0, x'')");
            var insert = connection.Prepare("INSERT INTO command VALUES (?1, 0, 'registry/p', 'hash', 'reply.v1', ?2, x'7b7d')");
            connection.Execute("BEGIN");
            for (var i = 1; i <= Many; i++)
            {
                insert.Bind(1, Id(i));
                insert.Bind(2, RowValue.Micros(At(i)));
                insert.Run();
            }

            connection.Execute("COMMIT");
        }

        await using (var store = _folder.Open())
        {
            await AssertFoundAsync(store, 0, Many + 1);
            await RememberAsync(store, Many + 1, 1);
            await RememberAsync(store, Many + 2, 1);
            await AssertFoundAsync(store, 0, Many + 3);
            Assert.Equal(1, await store.ForgetCommandsAsync(At(1), 10, Token));
            Assert.Empty((await store.ExamineAsync(full: true, Token)).Damage);
        }

        Assert.Equal(2, Numbers("SELECT run FROM command_sorted").Count);
        Assert.Equal([2 * CommandWriter.RunLength], Numbers("SELECT count(*) FROM command_run"));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_backup_remembers_the_same()
    {
        using var put = new SqliteFolder();
        await using (var store = _folder.Open())
        {
            await RememberAsync(store, 1, Many);
            Assert.Equal(500, await store.ForgetCommandsAsync(At(501), 500, Token));
            await store.BackUpAsync(put.File, At(0));
        }

        await using var after = put.Open();
        await AssertFoundAsync(after, 501, Many - 500);
        Assert.Empty(await after.ReadAsync(RuntimeTables.Command, [Id(1), Id(500)], Token));
    }

    private static void Put(Connection connection, CommandWriter writer, int first, int count)
    {
        connection.Execute("BEGIN IMMEDIATE");
        foreach (var number in Enumerable.Range(first, count))
        {
            writer.Put(0, Remembered(number));
        }

        connection.Execute("COMMIT");
    }

    private static void Sort(Connection connection, CommandWriter writer)
    {
        connection.Execute("BEGIN IMMEDIATE");
        writer.Sort();
        connection.Execute("COMMIT");
        writer.Sorted();
    }

    /// <summary>As the version before this table's left it.</summary>
    private Connection OldFile()
    {
        _ = SqliteStore.Library;
        var connection = Connection.OpenWriter(_folder.File);
        connection.Execute($"PRAGMA application_id = {Schema.ApplicationId}; CREATE TABLE migration (number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL)");
        foreach (var step in Migration.All.Where(step => step.Number < 9))
        {
            connection.Execute(step.Sql(SqliteStore.Library.KnowsStrict));
            connection.Execute($"INSERT INTO migration VALUES ({step.Number}, '{step.Name}')");
        }

        return connection;
    }

    private static async Task AssertFoundAsync(SqliteStore store, int first, int count)
    {
        foreach (var ids in Ids(first, count).Chunk(1_000))
        {
            var found = await store.ReadAsync(RuntimeTables.Command, ids, Token);
            Assert.Equal(ids.Order(StringComparer.Ordinal), found.Select(row => row.Key.Id).Order(StringComparer.Ordinal));
        }
    }

    private static Task RememberAsync(SqliteStore store, int first, int count) => RememberAsync(store, [.. Enumerable.Range(first, count).Select(Remembered)]);

    private static async Task RememberAsync(SqliteStore store, Row[] rows)
    {
        var lease = (await store.AcquireAsync([0], new(1), Token))[0];
        foreach (var group in rows.Chunk(1_000))
        {
            lease = await WriteAsync(store, lease, group);
        }
    }

    private static async Task<ShardLease> WriteAsync(SqliteStore store, ShardLease held, Row[] rows)
    {
        var batch = new StoreBatch(held, held.LastBatch + 1, [], [.. rows.Select(row => new RowWrite(RuntimeTables.Command, row))], []);
        Assert.Equal(CommitOutcome.Done, (await store.CommitAsync([batch], Token)).Outcome);
        return held with { LastBatch = batch.Id };
    }

    private static Row Remembered(int number) => new(
        new(RuntimeTables.Command.Name, Id(number)),
        Registry,
        [RowValue.Of("hash"), RowValue.Of("reply.v1"), RowValue.Of(At(number))],
        Encoding.UTF8.GetBytes($"{{\"number\":{number}}}"));

    private List<long> Numbers(string sql)
    {
        using var connection = Connection.OpenReader(_folder.File);
        return [.. connection.Texts(sql).Select(number => long.Parse(number, CultureInfo.InvariantCulture))];
    }

    private static string[] Ids(int first, int count) => [.. Enumerable.Range(first, count).Select(Id)];

    private static DateTimeOffset At(int number) => DateTimeOffset.UnixEpoch.AddSeconds(number);

    private static string Id(int number) => Convert.ToHexStringLower(SHA256.HashData(BitConverter.GetBytes(number)).AsSpan(0, 16));
}
