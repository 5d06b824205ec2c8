using AgentCluster.Actors;
using AgentCluster.Runtime.Store;
using AgentCluster.Storage.Sqlite;

namespace AgentCluster.Tests.Storage.Sqlite;

/// <summary>The file of one node: what is in it after a crash, and what is said of one that cannot be used.</summary>
public sealed class SqliteFileTests : IDisposable
{
    private static readonly ActorId Ada = new("agent", "ada");
    private readonly SqliteFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    // Broken on purpose: an answer given before COMMIT.
    [Fact]
    public async Task What_was_answered_is_in_the_files_at_that_moment()
    {
        await using var store = _folder.Open();
        var lease = (await store.AcquireAsync([0], new(1), Token))[0];
        for (var i = 1; i <= 20; i++)
        {
            lease = await AppendAsync(store, lease, 100);

            using var copy = _folder.Copy();
            await using var after = copy.Open();
            Assert.Equal(lease, await after.SettleAsync(0, Token));
            Assert.Equal(i, (await after.ReadEventsAsync(0, 0, 100, Token)).Count);
        }
    }

    [Fact]
    public async Task A_closed_store_opens_again_as_it_was()
    {
        ShardLease lease;
        await using (var store = _folder.Open())
        {
            lease = await AppendAsync(store, (await store.AcquireAsync([0], new(1), Token))[0], 10);
        }

        Assert.False(File.Exists(_folder.File + "-wal"));
        await using var again = _folder.Open();
        Assert.Equal(lease, await again.SettleAsync(0, Token));
    }

    [Fact]
    public async Task A_store_that_is_closed_says_so_and_answers_what_it_was_asked_before()
    {
        var store = _folder.Open();
        var lease = (await store.AcquireAsync([0], new(1), Token))[0];
        var asked = Enumerable.Range(0, 20).Select(_ => store.SettleAsync(0, Token).AsTask()).ToList();

        await store.DisposeAsync();

        Assert.All(await Task.WhenAll(asked), settled => Assert.Equal(lease, settled));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.SettleAsync(0, Token));
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.LoadAsync(Ada, Token));
        var result = await store.CommitAsync([new(lease, 1, [], [], [])], Token);
        Assert.Equal(CommitOutcome.Busy, result.Outcome);
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_refused_and_not_touched()
    {
        await _folder.Open().DisposeAsync();
        _folder.Execute("INSERT INTO migration VALUES (9999, 'of the future')");

        var error = Assert.Throws<DataFileException>(() => _folder.Open());

        Assert.Contains("newer version", error.Message, StringComparison.Ordinal);
        Assert.Contains("9999", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_number_of_shards_is_refused()
    {
        await _folder.Open(shards: 256).DisposeAsync();

        var error = Assert.Throws<DataFileException>(() => _folder.Open(shards: 128));

        Assert.Contains("256", error.Message, StringComparison.Ordinal);
        Assert.Contains("128", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_of_another_program_is_refused()
    {
        _folder.Execute("CREATE TABLE theirs (x)");

        var error = Assert.Throws<DataFileException>(() => _folder.Open());

        Assert.Contains("not a data file of AgentCluster", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("This is a text that somebody saved under the name of the data file, long enough for a header of a database")]
    [InlineData("SQLite format 3\0 and then something else than what a database has at this place of its first page")]
    public void A_damaged_file_is_named_and_what_to_do_about_it(string content)
    {
        File.WriteAllText(_folder.File, content);

        var error = Assert.Throws<DataFileException>(() => _folder.Open());

        Assert.Contains(_folder.File, error.Message, StringComparison.Ordinal);
        Assert.Contains("backup", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_page_makes_reading_unavailable_and_nothing_worse()
    {
        await using (var store = _folder.Open())
        {
            await AppendAsync(store, (await store.AcquireAsync([0], new(1), Token))[0], 20_000, times: 50);
        }

        using (var file = File.OpenWrite(_folder.File))
        {
            file.Seek(file.Length / 4, SeekOrigin.Begin);
            file.Write(new byte[file.Length / 2]);
        }

        await using var damaged = _folder.Open();
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await damaged.ReadEventsAsync(0, 0, 10_000, Token));
        Assert.Empty((await damaged.LoadAsync(Ada, Token)).Outbox);
    }

    // Broken on purpose: no checkpoint between commits; the WAL then had all 80 MiB.
    [Fact]
    public async Task The_WAL_stays_bounded_under_writes_and_reads()
    {
        await using var store = _folder.Open();
        var lease = (await store.AcquireAsync([0], new(1), Token))[0];
        var largest = 0L;
        for (var i = 0; i < 80; i++)
        {
            var reading = store.ReadEventsAsync(0, Math.Max(0, lease.Sequence - 20), 10, Token);
            lease = await AppendAsync(store, lease, 100_000, times: 10);
            _ = await reading;
            largest = Math.Max(largest, new FileInfo(_folder.File + "-wal").Length);
        }

        Assert.InRange(largest, 1, (Wal.HugePages + (2L * Wal.LargePages)) * 4_120);
        Assert.Equal(800, (await store.ReadEventsAsync(0, 0, 10_000, Token)).Count);
    }

    [Fact]
    public async Task A_connection_that_reads_cannot_write()
    {
        await using var store = _folder.Open();
        using var reader = Connection.OpenReader(_folder.File);

        Assert.Throws<SqliteError>(() => reader.Execute("DELETE FROM lease"));
    }

    [Fact]
    public async Task Many_shapes_of_questions_do_not_fill_the_memory_with_statements()
    {
        await using var store = _folder.Open();
        for (var i = 0; i < 600; i++)
        {
            var conditions = Enumerable.Range(0, i % 300).Select(_ => new RowCondition("id", RowTest.NotNull));
            Assert.Empty((await store.QueryAsync(new(RuntimeTables.Parked) { Where = [.. conditions] }, Token)).Rows);
        }
    }

    [Fact]
    public void The_library_that_runs_is_named() => Assert.Matches(@"^SQLite 3\.\d+\.\d+ \(.+\)$", SqliteStore.Library.ToString());

    private static async Task<ShardLease> AppendAsync(SqliteStore store, ShardLease held, int bytes, int times = 1)
    {
        var written = new EventWrite(Ada, "x.v1", DateTimeOffset.UnixEpoch, new byte[bytes], Replayed: false);
        var batch = new StoreBatch(held, held.LastBatch + 1, [.. Enumerable.Repeat(written, times)], [], []);
        var result = await store.CommitAsync([batch], Token);
        Assert.Equal(CommitOutcome.Done, result.Outcome);
        return held with { Sequence = batch.Sequence, LastBatch = batch.Id };
    }
}
