using AgentCluster.Runtime.Store;

namespace AgentCluster.Tests.Storage;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task A_batch_under_the_current_lease_is_written()
    {
        var lease = await AcquireAsync(3, Old);
        Assert.Equal(new(3, 1, 1, Old, 0, 0), lease);

        await WriteAsync(Batch(lease, Event(Ada, "1"), Event(Ada, "2")));

        Assert.Equal("1 2", await PayloadsAsync(3));
        Assert.Equal(2, (await Store.SettleAsync(3, Token)).Sequence);
    }

    // Broken on purpose: each of the six conditions left out of the lease row's update, one at a time; each time this failed.
    [Theory]
    [InlineData("epoch")]
    [InlineData("newer epoch")]
    [InlineData("owner")]
    [InlineData("nobody")]
    [InlineData("generation")]
    [InlineData("sequence behind")]
    [InlineData("sequence ahead")]
    [InlineData("last batch")]
    public async Task A_batch_under_another_lease_is_fenced_and_writes_nothing(string wrong)
    {
        var lease = await WriteAsync(Batch(await AcquireAsync(3, Old), Event(Ada, "first")));
        var held = wrong switch
        {
            "epoch" => lease with { Epoch = lease.Epoch - 1 },
            "newer epoch" => lease with { Epoch = lease.Epoch + 1 },
            "owner" => lease with { Owner = New },
            "nobody" => lease with { Owner = Incarnation.None },
            "generation" => lease with { Generation = lease.Generation + 1 },
            "sequence behind" => lease with { Sequence = lease.Sequence - 1 },
            "last batch" => lease with { LastBatch = lease.LastBatch + 1 },
            _ => lease with { Sequence = lease.Sequence + 1 },
        };

        await CommitAsync([3], new StoreBatch(held, 7, [Event(Ada, "late")], [new(RuntimeTables.Parked, Parked("p", Ada))], []));

        Assert.Equal("first", await PayloadsAsync(3));
        Assert.Empty(await Store.ReadAsync(RuntimeTables.Parked, ["p"], Token));
        Assert.Equal(lease, await Store.SettleAsync(3, Token));
    }

    [Fact]
    public async Task One_stale_shard_is_refused_alone()
    {
        var leases = await Store.AcquireAsync([1, 2, 3], Old, Token);
        await AcquireAsync(2, New);

        await CommitAsync([2], Batch(leases[0], Event(Ada, "a")), Batch(leases[1], Event(Ada, "b")), Batch(leases[2], Event(Ada, "c")));

        Assert.Equal(("a", "", "c"), (await PayloadsAsync(1), await PayloadsAsync(2), await PayloadsAsync(3)));
    }

    [Fact]
    public async Task The_same_batch_sent_twice_is_written_once_and_then_fenced()
    {
        var batch = Batch(await AcquireAsync(0, Old), Event(Ada, "once"));

        await CommitAsync([], batch);
        await CommitAsync([0], batch);

        Assert.Equal("once", await PayloadsAsync(0));
        Assert.Equal(batch.Id, (await Store.SettleAsync(0, Token)).LastBatch);
    }

    [Fact]
    public async Task A_batch_of_rows_alone_moves_no_sequence_and_can_be_told_from_a_lost_one()
    {
        var lease = await AcquireAsync(0, Old);
        var batch = Rows(lease, Parked("p", Ada));

        await CommitAsync([], batch);

        Assert.Equal(lease with { LastBatch = batch.Id }, await Store.SettleAsync(0, Token));
    }

    /// <summary>A batch of rows whose sender had given it up, and which arrives after the one that followed it.</summary>
    [Fact]
    public async Task A_batch_of_rows_alone_is_not_written_over_what_came_after_it()
    {
        var lease = await AcquireAsync(0, Old);
        var late = Rows(lease, Parked("p", Ada, at: 1));
        lease = await WriteAsync(late);
        await WriteAsync(Rows(lease, Parked("p", Ada, at: 2)));

        await CommitAsync([0], late);

        Assert.Equal(2, Assert.Single(await Store.ReadAsync(RuntimeTables.Parked, ["p"], Token)).Columns[3].Number);
    }

    [Fact]
    public async Task A_shard_that_was_never_acquired_takes_no_batch() => await CommitAsync(
        [8, 9],
        Batch(new(8, 1, 0, Incarnation.None, 0, 0), Event(Ada)),
        Batch(new(9, 1, 0, Old, 0, 0), Event(Ada)));

    [Fact]
    public async Task Acquiring_grows_the_epoch_and_keeps_sequence_and_last_batch()
    {
        var first = await WriteAsync(Batch(await AcquireAsync(5, Old), Event(Ada)));

        var second = await AcquireAsync(5, New);

        Assert.Equal(first with { Epoch = 2, Owner = New }, second);
        Assert.Equal(second with { Epoch = 3 }, await AcquireAsync(5, New));
    }

    [Fact]
    public async Task Leases_come_in_the_order_that_they_were_asked_for()
    {
        var leases = await Store.AcquireAsync([7, 2, 5], Old, Token);

        Assert.Equal([7, 2, 5], leases.Select(lease => lease.Shard));
    }

    [Fact]
    public async Task A_released_shard_keeps_its_epoch_and_fences_its_old_owner()
    {
        var lease = await AcquireAsync(5, Old);

        await Store.ReleaseAsync([new(5, 1, Old)], Token);

        Assert.Equal(lease with { Owner = Incarnation.None }, await Store.SettleAsync(5, Token));
        await CommitAsync([5], Batch(lease, Event(Ada)));
        await CommitAsync([5], Batch(lease with { Owner = Incarnation.None }, Event(Ada)));
        Assert.Equal(lease with { Epoch = 2, Owner = New }, await AcquireAsync(5, New));
    }

    [Fact]
    public async Task A_shard_of_somebody_else_is_not_released()
    {
        var lease = await AcquireAsync(5, New);

        await Store.ReleaseAsync([new(5, 1, Old)], Token);

        Assert.Equal(lease, await Store.SettleAsync(5, Token));
    }

    // Broken on purpose: the epoch not compared; a release that came late left a shard to nobody that its owner had acquired again (seed 253).
    [Fact]
    public async Task A_release_of_what_was_acquired_again_since_does_nothing()
    {
        await AcquireAsync(5, Old);
        var again = await AcquireAsync(5, Old);

        await Store.ReleaseAsync([new(5, 1, Old)], Token);

        Assert.Equal(again, await Store.SettleAsync(5, Token));
    }

    [Fact]
    public async Task A_shard_that_never_had_an_owner_settles_as_empty() =>
        Assert.Equal(new(200, 1, 0, Incarnation.None, 0, 0), await Store.SettleAsync(200, Token));

    /// <summary>
    /// The race of an old owner that was paused inside its write: many writes of the old owner run against a takeover.
    /// Whatever the next owner reads after acquiring is all there will ever be.
    /// </summary>
    [Fact]
    public async Task Nothing_of_an_old_owner_is_written_after_the_next_one_has_acquired()
    {
        for (var round = 0; round < 20; round++)
        {
            var lease = await AcquireAsync(0, Old);
            var before = lease.Sequence;
            var writing = Task.Run(async () =>
            {
                var held = lease;
                for (var next = Batch(held, Event(Ada)); (await Store.CommitAsync([next], Token)).Fenced.Count == 0; next = Batch(held, Event(Ada)))
                {
                    held = held with { Sequence = next.Sequence, LastBatch = next.Id };
                }

                return held.Sequence;
            }, Token);

            while ((await Store.SettleAsync(0, Token)).Sequence == before)
            {
                await Task.Yield();
            }

            var taken = await AcquireAsync(0, New);
            var recovered = await Store.ReadEventsAsync(0, taken.Sequence - 1, 10_000, Token);
            var written = await writing;

            Assert.Equal((taken.Sequence, 1), (written, recovered.Count));
            Assert.Single(await Store.ReadEventsAsync(0, taken.Sequence - 1, 10_000, Token));
            Assert.Equal(taken, await Store.SettleAsync(0, Token));
        }
    }

    /// <summary>Two writers under one lease: at each sequence one of them wins, and the loser writes nothing.</summary>
    [Fact]
    public async Task Two_writers_at_one_sequence_cannot_both_win()
    {
        await AcquireAsync(0, Old);
        for (var round = 0; round < 50; round++)
        {
            var held = await Store.SettleAsync(0, Token);
            var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(
                async () => await Store.CommitAsync([new(held, (UInt128)((round * 4) + writer + 1), [Event(Ada)], [], [])], Token),
                Token)));

            Assert.Single(results, result => result.Fenced.Count == 0);
        }

        Assert.Equal(50, (await Store.ReadEventsAsync(0, 0, 10_000, Token)).Count);
    }

    [Fact]
    public async Task A_cancelled_commit_is_certainly_not_written()
    {
        var lease = await AcquireAsync(0, Old);

        var result = await Store.CommitAsync([Batch(lease, Event(Ada))], new CancellationToken(canceled: true));

        Assert.Equal(CommitOutcome.Failed, result.Outcome);
        Assert.Equal(lease, await Store.SettleAsync(0, Token));
    }

    [Fact]
    public async Task An_empty_group_is_done() => await CommitAsync([]);
}
