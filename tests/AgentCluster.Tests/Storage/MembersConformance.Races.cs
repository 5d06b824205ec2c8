using System.Text;
using AgentCluster.Actors;
using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Tests.Storage;

/// <remarks>What happens at the same moment: many rounds, since a race is not lost each time.</remarks>
public abstract partial class MembersConformance
{
    private const int Rounds = 60;

    // Broken on purpose: the simulated store's ChecksThenWrites, and the fence of PostgreSQL as a plain SELECT, which append after
    // the taker has read.
    [Fact]
    public async Task What_a_taker_reads_is_all_that_the_old_owner_will_ever_have_written()
    {
        var outcomes = new HashSet<string>();
        for (var round = 0; round < Rounds; round++)
        {
            var (old, taker) = await PairAsync();
            var held = (await Members.TakeAsync([new(round, 0, Incarnation.None)], 1, old, Token))[0];

            var append = _store.CommitAsync([Batch(held)], Token).AsTask();
            var reading = TakeAndReadAsync(new(round, 1, old), taker);
            var (result, (taken, read)) = (await append, await reading);

            var written = result.Fenced.Count == 0;
            outcomes.Add(written ? "written" : "fenced");
            Assert.Equal(CommitOutcome.Done, result.Outcome);
            Assert.Equal((written ? 1 : 0, written ? 1L : 0L), (read, taken.Sequence));
            Assert.Equal([round], (await _store.CommitAsync([Batch(held) with { Id = 99 }], Token)).Fenced);
            Assert.Equal(read, (await _store.ReadEventsAsync(round, 0, 10, Token)).Count);
        }

        Assert.NotEmpty(outcomes);
    }

    [Fact]
    public async Task A_shard_that_is_released_is_not_written_any_more_and_keeps_its_epoch_until_it_is_taken()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (old, taker) = await PairAsync();
            var held = (await Members.TakeAsync([new(round, 0, Incarnation.None)], 1, old, Token))[0];

            var append = _store.CommitAsync([Batch(held)], Token).AsTask();
            await _store.ReleaseAsync([new(round, 1, old)], Token);
            var late = await _store.CommitAsync([Batch(held) with { Id = 98 }], Token);
            var written = (await append).Fenced.Count == 0;

            Assert.Equal([round], late.Fenced);
            Assert.Equal((1, Incarnation.None), ((await _store.SettleAsync(round, Token)).Epoch, (await _store.SettleAsync(round, Token)).Owner));
            var taken = Assert.Single(await Members.TakeAsync([new(round, 1, Incarnation.None)], 1, taker, Token));
            Assert.Equal((2, written ? 1 : 0), (taken.Epoch, taken.Sequence));
        }
    }

    // Broken on purpose: the counter not compared; both the renewal and the declaration went through.
    [Fact]
    public async Task Of_a_renewal_and_its_declaration_as_down_one_comes_first_and_the_other_knows()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (member, _) = await PairAsync();
            var seen = (await Members.RenewAsync(member, Token))!.Find(member)!.Counter;

            var renewal = Members.RenewAsync(member, Token).AsTask();
            var isDown = await Members.DeclareDownAsync(member, seen, Token);

            Assert.Equal(isDown, await renewal is null);
            Assert.Equal(isDown, await Members.RenewAsync(member, Token) is null);
        }
    }

    [Fact]
    public async Task Who_took_a_shard_when_it_was_declared_down_loses_it_like_any_other()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var (member, other) = await PairAsync();

            var taking = Members.TakeAsync([new(round, 0, Incarnation.None)], 1, member, Token).AsTask();
            await Members.DeclareDownAsync(member, null, Token);
            var epoch = (await taking).Count;

            Assert.Empty(await Members.TakeAsync([new(round, epoch, member)], 1, member, Token));
            Assert.Equal(epoch + 1, Assert.Single(await Members.TakeAsync([new(round, epoch, member)], 1, other, Token)).Epoch);
        }
    }

    [Fact]
    public async Task A_take_of_what_somebody_has_taken_since_it_was_looked_at_gets_nothing()
    {
        var (ada, grace) = await PairAsync();
        await Members.TakeAsync([new(3, 0, Incarnation.None)], 1, ada, Token);
        await _store.ReleaseAsync([new(3, 1, ada)], Token);
        await Members.TakeAsync([new(3, 1, Incarnation.None)], 1, ada, Token);

        Assert.Empty(await Members.TakeAsync([new(3, 1, Incarnation.None)], 1, grace, Token));
    }

    [Fact]
    public async Task A_member_that_is_down_is_forgotten_once_it_owns_nothing()
    {
        var (ada, grace) = await PairAsync();
        await Members.TakeAsync([new(3, 0, Incarnation.None)], 1, ada, Token);
        await Members.DeclareDownAsync(ada, null, Token);

        await JoinAsync(new(0xC));
        Assert.NotNull((await Members.RenewAsync(grace, Token))!.Find(ada));
        await Members.TakeAsync([new(3, 1, ada)], 1, grace, Token);
        await JoinAsync(new(0xD));
        Assert.Null((await Members.RenewAsync(grace, Token))!.Find(ada));
    }

    private static StoreBatch Batch(ShardLease held) =>
        new(held, 77, [new(new("agent", "a"), "x.v1", DateTimeOffset.UnixEpoch, Encoding.UTF8.GetBytes("{}"), false)], [], []);

    private async Task<(Incarnation Old, Incarnation New)> PairAsync()
    {
        (Incarnation Old, Incarnation New) pair = (new(++_incarnations), new(++_incarnations));
        await JoinAsync(pair.Old);
        await JoinAsync(pair.New);
        return pair;
    }

    private UInt128 _incarnations = 0x100;

    private async Task<(ShardLease Taken, int Read)> TakeAndReadAsync(ShardOwner found, Incarnation taker)
    {
        var taken = Assert.Single(await Members.TakeAsync([found], 1, taker, Token));
        return (taken, (await _store.ReadEventsAsync(found.Shard, 0, 10, Token)).Count);
    }
}
