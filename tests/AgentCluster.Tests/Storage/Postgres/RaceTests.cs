using System.Globalization;
using System.Text;
using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Runtime.Store;
using AgentCluster.Storage.Postgres;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AgentCluster.Tests.Storage.Postgres;

/// <summary>What happens between an old owner, a new one and the database when any of them pauses, with real locks and lost connections.</summary>
public sealed class RaceTests : IAsyncLifetime
{
    private static readonly Incarnation Old = new(0xA);
    private static readonly Incarnation New = new(0xB);
    private static readonly ActorId Ada = new("agent", "ada");
    private PostgresOptions _database = null!;
    private PostgresStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = new PostgresOptions(await PostgresServer.DatabaseAsync(Token), null);
        _store = await PostgresStore.OpenAsync(_database, DomainTables.All, 256, NullLogger<PostgresStore>.Instance, Token);
    }

    public async ValueTask DisposeAsync() => await _store.DisposeAsync();

    /// <summary>
    /// The old owner's append has passed its fence and holds the lease row when it is paused: the taker waits, and then recovers what
    /// was appended. Broken on purpose: with the fence as a plain SELECT the taker does not wait.
    /// </summary>
    [Fact]
    public async Task A_taker_waits_for_an_append_that_has_passed_its_fence()
    {
        var lease = (await _store.AcquireAsync([0], Old, Token))[0];
        await using var slow = await PauseInsertsAsync();
        var append = _store.CommitAsync([Batch(lease, "late")], Token).AsTask();
        await WaitsAsync("INSERT INTO event", append);

        var taking = _store.AcquireAsync([0], New, Token).AsTask();
        await WaitsAsync("INSERT INTO lease", taking);
        Assert.False(taking.IsCompleted);
        await slow.DisposeAsync();

        var taken = (await taking)[0];
        Assert.Equal((CommitOutcome.Done, 0), ((await append).Outcome, (await append).Fenced.Count));
        Assert.Equal((1L, 2L), (taken.Sequence, taken.Epoch));
        Assert.Single(await _store.ReadEventsAsync(0, 0, 10, Token));
    }

    /// <summary>The append waits for the lease row while the taker has it: it is judged by the row as it is then, not as it was when it began.</summary>
    [Fact]
    public async Task An_append_that_waited_for_a_takeover_is_fenced()
    {
        var lease = (await _store.AcquireAsync([0], Old, Token))[0];
        await using var taker = new NpgsqlConnection(_database.Address);
        await taker.OpenAsync(Token);
        await using var transaction = await taker.BeginTransactionAsync(Token);
        await using (var take = new NpgsqlCommand("UPDATE lease SET epoch = epoch + 1 WHERE shard = 0", taker))
        {
            await take.ExecuteNonQueryAsync(Token);
        }

        var append = _store.CommitAsync([Batch(lease, "late")], Token).AsTask();
        await WaitsAsync("INSERT INTO event", append);
        await transaction.CommitAsync(Token);

        Assert.Equal([0], (await append).Fenced);
        Assert.Empty(await _store.ReadEventsAsync(0, 0, 10, Token));
    }

    /// <summary>The connection dies while the append is on its way; settling waits until the database has made up its mind.</summary>
    [Fact]
    public async Task A_commit_whose_connection_was_cut_is_settled_by_its_lease_row()
    {
        var lease = (await _store.AcquireAsync([0], Old, Token))[0];
        var batch = Batch(lease, "cut");
        var slow = await PauseInsertsAsync();
        var append = _store.CommitAsync([batch], Token).AsTask();
        await WaitsAsync("INSERT INTO event", append);
        await PostgresServer.ExecuteAsync(_database.Address.Split("Database=")[1].Split(';')[0],
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%INSERT INTO event%' AND pid <> pg_backend_pid()");

        Assert.Equal(CommitOutcome.Unknown, (await append).Outcome);
        await slow.DisposeAsync();
        Assert.Equal(lease, await _store.SettleAsync(0, Token));
        Assert.Empty((await _store.CommitAsync([batch], Token)).Fenced);
        Assert.Equal(batch.Id, (await _store.SettleAsync(0, Token)).LastBatch);
    }

    [Fact]
    public async Task A_commit_that_waits_too_long_for_a_lock_is_certainly_not_done()
    {
        await using var impatient = await PostgresStore.OpenAsync(
            _database with { SessionTimeout = TimeSpan.FromSeconds(1) }, DomainTables.All, 256, NullLogger<PostgresStore>.Instance, Token);
        var lease = (await impatient.AcquireAsync([0], Old, Token))[0];
        await using var frozen = new NpgsqlConnection(_database.Address);
        await frozen.OpenAsync(Token);
        await using var transaction = await frozen.BeginTransactionAsync(Token);
        await using (var hold = new NpgsqlCommand("SELECT FROM lease FOR UPDATE", frozen))
        {
            await hold.ExecuteNonQueryAsync(Token);
        }

        var result = await impatient.CommitAsync([Batch(lease, "waiting")], Token);

        Assert.Equal(CommitOutcome.Busy, result.Outcome);
        await transaction.RollbackAsync(Token);
        Assert.Equal(lease, await impatient.SettleAsync(0, Token));
    }

    /// <summary>A client that froze with an open transaction is ended by the server, so a takeover waits for it no longer than that.</summary>
    [Fact]
    public async Task A_frozen_session_of_a_node_loses_its_locks()
    {
        await using var impatient = await PostgresStore.OpenAsync(
            _database with { SessionTimeout = TimeSpan.FromSeconds(1) }, DomainTables.All, 256, NullLogger<PostgresStore>.Instance, Token);
        var sources = new Sources(_database with { SessionTimeout = TimeSpan.FromSeconds(1) });
        await impatient.AcquireAsync([0], Old, Token);
        await using var frozen = await sources.Writes.OpenConnectionAsync(Token);
        await using var transaction = await frozen.BeginTransactionAsync(Token);
        await using (var hold = new NpgsqlCommand("SELECT FROM lease FOR UPDATE", frozen))
        {
            await hold.ExecuteNonQueryAsync(Token);
        }

        Assert.Equal(2, (await _store.AcquireAsync([0], New, Token))[0].Epoch);
        await sources.DisposeAsync();
    }

    [Fact]
    public async Task Reads_that_take_every_connection_keep_no_lease_from_being_settled()
    {
        await _store.AcquireAsync([0], Old, Token);
        await using var blocker = new NpgsqlConnection(_database.Address);
        await blocker.OpenAsync(Token);
        await using var transaction = await blocker.BeginTransactionAsync(Token);
        await using (var hold = new NpgsqlCommand("LOCK TABLE parked IN ACCESS EXCLUSIVE MODE", blocker))
        {
            await hold.ExecuteNonQueryAsync(Token);
        }

        var reads = Enumerable.Range(0, 40).Select(_ => _store.QueryAsync(new(RuntimeTables.Parked), Token).AsTask()).ToArray();

        Assert.Equal(1, (await _store.SettleAsync(0, Token)).Epoch);
        Assert.DoesNotContain(reads, read => read.IsCompleted);
        await transaction.RollbackAsync(Token);
        await Task.WhenAll(reads);
    }

    /// <summary>
    /// How far the journal can be read is what each shard's lease row says, and that moves in the commit that appends: no transaction that stays
    /// open, for a second or a day, holds back what was committed, so there is no such lag to watch. A reader that stopped at the oldest open
    /// transaction (pg_snapshot_xmin) would find nothing here.
    /// </summary>
    [Fact]
    public async Task What_is_committed_is_read_while_an_older_transaction_that_has_written_stays_open()
    {
        var leases = await _store.AcquireAsync([0, 1], Old, Token);
        await using var idle = new NpgsqlConnection(_database.Address);
        await idle.OpenAsync(Token);
        await using var transaction = await idle.BeginTransactionAsync(Token);
        await using (var write = new NpgsqlCommand("CREATE TABLE another (value integer); INSERT INTO another VALUES (1)", idle))
        {
            await write.ExecuteNonQueryAsync(Token);
        }

        await _store.CommitAsync([Batch(leases[0], "one"), Batch(leases[1], "two")], Token);

        Assert.Equal([0, 1], (await _store.ReadJournalAsync(JournalCursor.Start, null, 10, Token)).Events.Select(found => found.Shard));
        Assert.Equal(JournalCursor.At([(0, 1), (1, 1)]), (await _store.ReadHeadAsync(Token)).Cursor);
    }

    /// <summary>Our own transactions stay open too while the database is slow. A reader that went on behind the newest event of all shards would miss the late one.</summary>
    [Fact]
    public async Task An_append_that_stands_still_holds_back_its_own_shard_and_is_not_missed()
    {
        var leases = await _store.AcquireAsync([0, 1], Old, Token);
        var slow = await PauseInsertsAsync(of: 0);
        var late = _store.CommitAsync([Batch(leases[0], "late")], Token).AsTask();
        await WaitsAsync("INSERT INTO event", late);

        await _store.CommitAsync([Batch(leases[1], "early")], Token);
        Assert.Equal([1], (await _store.ReadJournalAsync(JournalCursor.Start, null, 10, Token)).Events.Select(found => found.Shard));
        await slow.DisposeAsync();
        Assert.Equal(CommitOutcome.Done, (await late).Outcome);

        Assert.Equal([0], (await _store.ReadJournalAsync(JournalCursor.At([(1, 1)]), null, 10, Token)).Events.Select(found => found.Shard));
    }

    private static StoreBatch Batch(ShardLease held, string payload) =>
        new(held, 77, [new(Ada, "thing-happened.v1", DateTimeOffset.UnixEpoch, Encoding.UTF8.GetBytes(payload), false)], [], []);

    /// <summary>Lets appends, all or those of a shard, wait in the middle of their statement, until what this returns is disposed.</summary>
    private async Task<NpgsqlConnection> PauseInsertsAsync(int? of = null)
    {
        var holder = new NpgsqlConnection(_database.Address + ";Pooling=false");
        await holder.OpenAsync(Token);
        await using var pause = new NpgsqlCommand(
            $"""
            CREATE OR REPLACE FUNCTION pause() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock_shared(42); RETURN NEW; END';
            CREATE OR REPLACE TRIGGER pause BEFORE INSERT ON event FOR EACH ROW WHEN (NEW.shard = {of?.ToString(CultureInfo.InvariantCulture) ?? "NEW.shard"}) EXECUTE FUNCTION pause();
            SELECT pg_advisory_lock(42);
            """,
            holder);
        await pause.ExecuteNonQueryAsync(Token);
        return holder;
    }

    /// <summary>Waits until a statement of the store waits for a lock; one that ends instead did not wait.</summary>
    private async Task WaitsAsync(string statement, Task sent)
    {
        await using var connection = new NpgsqlConnection(_database.Address);
        await connection.OpenAsync(Token);
        await using var look = new NpgsqlCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE $1", connection)
        {
            Parameters = { new() { Value = $"%{statement}%" } },
        };
        while (await look.ExecuteScalarAsync(Token) is 0L)
        {
            Assert.False(sent.IsCompleted, $"Expected {statement} to wait for a lock, found it ended.");
        }
    }
}
