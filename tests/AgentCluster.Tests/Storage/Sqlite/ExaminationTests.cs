using AgentCluster.Actors;
using AgentCluster.Runtime.Store;
using AgentCluster.Storage.Directories;
using AgentCluster.Storage.Examinations;
using AgentCluster.Storage.Sqlite;
using AgentCluster.Tests.Cli;

namespace AgentCluster.Tests.Storage.Sqlite;

/// <summary>What is found wrong with data, by who uses it and by who does not.</summary>
public sealed class ExaminationTests : IDisposable
{
    private static readonly ActorId Ada = new("agent", "ada");
    private static readonly Uri Nowhere = new("http://127.0.0.1:1");
    private readonly SqliteFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sound_data_is_found_sound_whether_it_is_in_use_or_not()
    {
        await using (var store = _folder.Open())
        {
            await WriteAsync(store);
            Assert.Empty((await store.ExamineAsync(full: true, Token)).Damage);
            Assert.Equal(("wal", 2), await store.DurabilityAsync(Token));
            var used = await Ran.OfAsync(Nowhere, "doctor", "--data", _folder.Path);
            Assert.Equal(4, used.Code);
            Assert.Contains("in use", used.Words, StringComparison.Ordinal);
        }

        _folder.Release();
        var ran = await Ran.OfAsync(Nowhere, "doctor", "--data", _folder.Path);

        Assert.Equal(0, ran.Code);
        Assert.Contains("integrity | ok", ran.Data, StringComparison.Ordinal);
    }

    // Broken on purpose: quick_check in the place of integrity_check, which finds no index that lacks a row.
    [Fact]
    public async Task Damage_is_found_by_who_does_not_use_the_data_and_said_in_words()
    {
        await using (var store = _folder.Open())
        {
            await WriteAsync(store);
        }

        _folder.Release();
        _folder.Execute(
            "PRAGMA writable_schema = ON; CREATE TABLE kept AS SELECT * FROM sqlite_master WHERE name = 'event_place'; " +
            "DELETE FROM sqlite_master WHERE name = 'event_place'");
        _folder.Execute(
            "INSERT INTO event (shard, sequence, actor, name, at, payload, replayed, channels) " +
            "SELECT shard, sequence + 100, actor, name, at, payload, replayed, channels FROM event");
        _folder.Execute("PRAGMA writable_schema = ON; INSERT INTO sqlite_master SELECT * FROM kept");

        var ran = await Ran.OfAsync(Nowhere, "doctor", "--data", _folder.Path, "-o", "json");

        Assert.Equal(1, ran.Code);
        var integrity = ran.Json.GetProperty("items").EnumerateArray().Single(item => item.GetProperty("check").GetString() == "integrity");
        Assert.Equal("failed", integrity.GetProperty("condition").GetString());
        Assert.Contains("backup", integrity.GetProperty("advice").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_a_finding_and_no_stack()
    {
        await File.WriteAllTextAsync(_folder.File, new string('x', 10_000), Token);

        var ran = await Ran.OfAsync(Nowhere, "doctor", "--data", _folder.Path);

        Assert.Equal(1, ran.Code);
        Assert.Contains("integrity | failed", ran.Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_without_data_is_not_found_and_stays_as_it_was()
    {
        var ran = await Ran.OfAsync(Nowhere, "doctor", "--data", _folder.Path);

        Assert.Equal(3, ran.Code);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void What_is_not_as_it_should_be_is_a_warning_or_worse_with_advice()
    {
        var now = DateTimeOffset.UnixEpoch.AddYears(60);
        var sound = new DataReport(SqliteStore.KnownSchema, 1, null, 4096, 0, 0, "wal", now, 0, 0, []);

        Assert.All(DataFindings.Of(sound, now), finding => Assert.Equal(Condition.Ok, finding.Condition));
        Expect(sound with { Schema = 10_000 }, "schema", Condition.Failed);
        Expect(sound with { Damage = ["row 1 missing"] }, "integrity", Condition.Failed);
        Expect(sound with { Behind = 1_000_000 }, "projections", Condition.Warning);
        Expect(sound with { Parked = 1 }, "parked", Condition.Warning);
        Expect(sound with { LastEventAt = now.AddHours(1) }, "clock", Condition.Warning);

        void Expect(DataReport report, string check, Condition condition)
        {
            var finding = Assert.Single(DataFindings.Of(report, now), finding => finding.Condition != Condition.Ok);
            Assert.Equal((check, condition), (finding.Check, finding.Condition));
            Assert.NotNull(finding.Advice);
        }
    }

    // Broken on purpose: the number of openings compared; the log that lies beside a new file shows the old one.
    [Theory]
    [InlineData("deleted")]
    [InlineData("replaced")]
    [InlineData("moved")]
    public async Task A_file_that_was_taken_from_under_the_store_is_noticed_and_nothing_more_is_written(string how)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var other = new SqliteFolder();
        await using (var older = other.Open())
        {
            await WriteAsync(older);
        }

        await using var store = _folder.Open(lookEvery: TimeSpan.FromMilliseconds(10));
        var batch = Batch(await WriteAsync(store));
        Assert.False(store.Lost.IsCompleted);
        Take(how, other);

        var found = await store.Lost.WaitAsync(TimeSpan.FromSeconds(30), Token);

        Assert.Contains($"was {how}", found, StringComparison.Ordinal);
        Assert.Equal(CommitOutcome.Failed, (await store.CommitAsync([batch], Token)).Outcome);
    }

    private void Take(string how, SqliteFolder other)
    {
        switch (how)
        {
            case "replaced":
                File.Move(other.File, _folder.File, overwrite: true);
                break;
            case "moved":
                File.Move(_folder.File, _folder.File + ".old");
                break;
            default:
                File.Delete(_folder.File);
                break;
        }
    }

    private static async Task<ShardLease> WriteAsync(SqliteStore store)
    {
        var lease = (await store.AcquireAsync([0], new(1), Token))[0];
        var batch = Batch(lease);
        Assert.Equal(CommitOutcome.Done, (await store.CommitAsync([batch], Token)).Outcome);
        return lease with { Sequence = batch.Sequence, LastBatch = batch.Id };
    }

    private static StoreBatch Batch(ShardLease held) =>
        new(held, held.LastBatch + 1, [new(Ada, "x.v1", DateTimeOffset.UnixEpoch, new byte[1_000], Replayed: false)], [], []);
}
