using System.Runtime.InteropServices;
using AgentCluster.Actors;
using AgentCluster.Runtime.Store;
using AgentCluster.Storage.Sqlite;

namespace AgentCluster.Tests.Storage.Sqlite;

/// <summary>
/// The disk fails under an open store. The file descriptors of the WAL are exchanged for one on which writing fails as
/// the wanted disk would; Linux only, since only there is a descriptor found by its file. It runs alone: descriptors are
/// the whole process's, and one that the store closes meanwhile would be another test's by the time it is put back.
/// </summary>
[Collection(nameof(Descriptors))]
public sealed class BrokenDiskTests : IDisposable
{
    private static readonly ActorId Ada = new("agent", "ada");
    private readonly SqliteFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_full_disk_refuses_writes_certainly_answers_reads_and_recovers_without_a_restart()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        await using var store = _folder.Open();
        var lease = (await store.AcquireAsync([0], new(1), Token))[0];

        // Enough for the WAL to be copied back after it: then nothing is read from it, and this disk cannot be read from.
        lease = await WriteAsync(store, lease, StoreRules.PayloadBytes);

        var batch = Batch(lease);
        using (new Exchanged(_folder.File + "-wal", "/dev/full", isReadOnly: false))
        {
            Assert.Equal(CommitOutcome.Full, (await store.CommitAsync([batch], Token)).Outcome);
            Assert.Empty((await store.QueryAsync(new(RuntimeTables.Parked), Token)).Rows);
        }

        await WriteAsync(store, lease);
        Assert.Single(await store.ReadEventsAsync(0, lease.Sequence, 10, Token));
    }

    // Broken on purpose: the connection kept after the error.
    [Fact]
    public async Task An_error_of_the_disk_in_a_commit_is_unknown_and_settling_tells_the_truth()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        await using var store = _folder.Open();
        var lease = await WriteAsync(store, (await store.AcquireAsync([0], new(1), Token))[0]);
        var batch = Batch(lease);

        using (new Exchanged(_folder.File + "-wal", _folder.File + "-wal", isReadOnly: true, restore: false))
        {
            Assert.Equal(CommitOutcome.Unknown, (await store.CommitAsync([batch], Token)).Outcome);
        }

        Assert.Equal(lease, await store.SettleAsync(0, Token));
        Assert.Equal(CommitOutcome.Done, (await store.CommitAsync([batch], Token)).Outcome);
        using var copy = _folder.Copy();
        await using var after = copy.Open();
        Assert.Equal(batch.Id, (await after.SettleAsync(0, Token)).LastBatch);
        Assert.Equal(2, (await after.ReadEventsAsync(0, 0, 10, Token)).Count);
    }

    private static StoreBatch Batch(ShardLease held, int bytes = 10_000) =>
        new(held, held.LastBatch + 1, [new(Ada, "x.v1", DateTimeOffset.UnixEpoch, new byte[bytes], Replayed: false)], [], []);

    private static async Task<ShardLease> WriteAsync(SqliteStore store, ShardLease held, int bytes = 10_000)
    {
        var batch = Batch(held, bytes);
        var result = await store.CommitAsync([batch], Token);
        Assert.True(result.Outcome == CommitOutcome.Done, result.Detail);
        return held with { Sequence = batch.Sequence, LastBatch = batch.Id };
    }

    /// <summary>All descriptors of a file point elsewhere until this is disposed.</summary>
    private sealed class Exchanged : IDisposable
    {
        private readonly List<(int Descriptor, int Saved)> _exchanged = [];
        private readonly bool _restore;

        public Exchanged(string file, string instead, bool isReadOnly, bool restore = true)
        {
            _restore = restore;
            var other = Open(instead, isReadOnly ? 0 : 2);
            foreach (var link in new DirectoryInfo("/proc/self/fd").GetFiles())
            {
                // Of other tests, which come and go meanwhile: those have no target any more.
                var descriptor = int.Parse(link.Name, System.Globalization.CultureInfo.InvariantCulture);
                if (descriptor != other && link.LinkTarget == file)
                {
                    _exchanged.Add((descriptor, Duplicate(descriptor)));
                    Assert.Equal(descriptor, Duplicate(other, descriptor));
                }
            }

            _ = Close(other);
            Assert.NotEmpty(_exchanged);
        }

        public void Dispose()
        {
            foreach (var (descriptor, saved) in _exchanged)
            {
                if (_restore)
                {
                    Assert.Equal(descriptor, Duplicate(saved, descriptor));
                }

                _ = Close(saved);
            }
        }

        [DllImport("libc", EntryPoint = "open", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        private static extern int Open(string path, int flags);

        [DllImport("libc", EntryPoint = "dup")]
        private static extern int Duplicate(int descriptor);

        [DllImport("libc", EntryPoint = "dup2")]
        private static extern int Duplicate(int from, int to);

        [DllImport("libc", EntryPoint = "close")]
        private static extern int Close(int descriptor);
    }
}

/// <summary>Tests that change the descriptors of the process under the hands of their owners.</summary>
[CollectionDefinition(nameof(Descriptors), DisableParallelization = true)]
public sealed class Descriptors;
