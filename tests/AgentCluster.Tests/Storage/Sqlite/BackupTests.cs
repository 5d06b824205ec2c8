using AgentCluster.Actors;
using AgentCluster.Runtime.Store;
using AgentCluster.Storage.Examinations;
using AgentCluster.Storage.Sqlite;

namespace AgentCluster.Tests.Storage.Sqlite;

/// <summary>Copies of a file that is being written, and what becomes of one that is started.</summary>
public sealed class BackupTests : IDisposable
{
    private static readonly ActorId Ada = new("agent", "ada");
    private static readonly DateTimeOffset At = DateTimeOffset.UnixEpoch.AddYears(60);
    private readonly SqliteFolder _folder = new();
    private readonly SqliteFolder _copy = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _folder.Dispose();
        _copy.Dispose();
    }

    // Broken on purpose: the file copied with File.Copy, which leaves out what is in the log.
    [Fact]
    public async Task A_backup_under_a_stream_of_writes_holds_all_that_was_answered_before_it_and_is_sound()
    {
        await using var store = _folder.Open();
        var lease = (await store.AcquireAsync([0], new(1), Token))[0];
        for (var i = 0; i < 200; i++)
        {
            lease = await AppendAsync(store, lease);
        }

        var backup = store.BackUpAsync(_copy.File, At).AsTask();
        while (!backup.IsCompleted)
        {
            lease = await AppendAsync(store, lease);
        }

        await backup;
        await using var restored = _copy.Open();
        Assert.Empty((await restored.ExamineAsync(full: true, Token)).Damage);
        var found = (await restored.SettleAsync(0, Token)).Sequence;
        Assert.InRange(found, 200, lease.Sequence);
        Assert.Equal(found, (await restored.ReadEventsAsync(0, 0, 10_000, Token)).Count);
    }

    // Broken on purpose: a backup that is not marked, and a mark that stays.
    [Fact]
    public async Task The_first_start_of_a_backup_begins_a_generation_in_which_nobody_owns_a_shard_and_the_next_does_not()
    {
        ShardLease lease;
        await using (var store = _folder.Open())
        {
            lease = await AppendAsync(store, (await store.AcquireAsync([0], new(1), Token))[0]);
            await store.BackUpAsync(_copy.File, At);
            Assert.Equal((1, null), Shown(await store.ExamineAsync(full: false, Token)));
            await AppendAsync(store, lease);
        }

        ShardLease begun;
        await using (var first = _copy.Open())
        {
            begun = await first.SettleAsync(0, Token);
            Assert.Equal((2, Incarnation.None, lease.Sequence), (begun.Generation, begun.Owner, begun.Sequence));
            Assert.Equal([0], (await first.CommitAsync([Batch(lease)], Token)).Fenced);
            Assert.Equal(2, (await first.ReadHeadAsync(Token)).Generation);
            Assert.Equal(2, (await first.AcquireAsync([0, 7], new(2), Token))[1].Generation);
        }

        await using var again = _copy.Open();
        Assert.Equal((2, null), Shown(await again.ExamineAsync(full: false, Token)));
        Assert.Equal(2, (await again.SettleAsync(0, Token)).Generation);
    }

    [Fact]
    public async Task A_backup_that_was_not_started_yet_says_when_it_was_made_and_is_not_changed_by_being_looked_at()
    {
        await using (var store = _folder.Open())
        {
            await AppendAsync(store, (await store.AcquireAsync([0], new(1), Token))[0]);
            await store.BackUpAsync(_copy.File, At);
        }

        var before = await File.ReadAllBytesAsync(_copy.File, Token);
        Assert.Contains(DataFindings.Of(_copy.Path, At), finding => finding.Check == "generation" && finding.Found.Contains("a backup of 2030-01-01T00:00:00Z", StringComparison.Ordinal));
        Assert.Equal(before, await File.ReadAllBytesAsync(_copy.File, Token));
    }

    [Fact]
    public async Task A_backup_overwrites_nothing()
    {
        await using var store = _folder.Open();
        await File.WriteAllTextAsync(_copy.File, "mine", Token);

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await store.BackUpAsync(_copy.File, At));

        Assert.Equal("mine", await File.ReadAllTextAsync(_copy.File, Token));
    }

    private static (int Generation, DateTimeOffset? BackedUpAt) Shown(DataReport report) => (report.Generation, report.BackedUpAt);

    private static StoreBatch Batch(ShardLease held) =>
        new(held, held.LastBatch + 1, [new(Ada, "x.v1", DateTimeOffset.UnixEpoch, new byte[1_000], Replayed: false)], [], []);

    private static async Task<ShardLease> AppendAsync(SqliteStore store, ShardLease held)
    {
        var batch = Batch(held);
        Assert.Equal(CommitOutcome.Done, (await store.CommitAsync([batch], Token)).Outcome);
        return held with { Sequence = batch.Sequence, LastBatch = batch.Id };
    }
}
