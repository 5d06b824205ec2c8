using System.Text;
using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Store;
using AgentCluster.Storage.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCluster.Tests.Storage.Postgres;

/// <summary>What the database decides between members: who is one, who is down for good, and that a shard is taken once.</summary>
public sealed class MembersTests : IAsyncLifetime
{
    private static readonly Incarnation Ada = new(0xA);
    private static readonly Incarnation Grace = new(0xB);
    private PostgresStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _store = await PostgresStore.OpenAsync(
        new(await PostgresServer.DatabaseAsync(Token), null), DomainTables.All, 256, NullLogger<PostgresStore>.Instance, Token);

    public async ValueTask DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task A_renewal_counts_on_and_reads_everything()
    {
        await JoinAsync(Ada);
        await JoinAsync(Grace);
        await _store.TakeAsync([new(3, 0, Incarnation.None)], Grace, Token);

        var view = await _store.RenewAsync(Ada, Token);
        view = await _store.RenewAsync(Ada, Token);

        Assert.Equal([(Ada, 3L), (Grace, 1L)], view!.Members.Select(member => (member.Incarnation, member.Counter)));
        Assert.Equal([new ShardOwner(3, 1, Grace)], view.Owners);
        Assert.Equal(1, view.Generation);
    }

    // Broken on purpose: the counter not compared; a node that had just renewed was declared down.
    [Fact]
    public async Task A_member_that_has_counted_on_is_not_declared_down()
    {
        await JoinAsync(Ada);
        var seen = (await _store.RenewAsync(Ada, Token))!.Members[0].Counter;
        await _store.RenewAsync(Ada, Token);

        Assert.False(await _store.DeclareDownAsync(Ada, seen, Token));
        Assert.True(await _store.DeclareDownAsync(Ada, seen + 1, Token));
    }

    // Broken on purpose: the status not looked at by a renewal; the dead came back.
    [Fact]
    public async Task Down_is_final()
    {
        await JoinAsync(Ada);
        await JoinAsync(Grace);
        await _store.TakeAsync([new(3, 0, Incarnation.None)], Ada, Token);
        await _store.DeclareDownAsync(Ada, null, Token);

        Assert.Null(await _store.RenewAsync(Ada, Token));
        Assert.Empty(await _store.TakeAsync([new(4, 0, Incarnation.None)], Ada, Token));
        await JoinAsync(Ada);
        Assert.Null(await _store.RenewAsync(Ada, Token));
        Assert.Equal(MemberStatus.Down, (await _store.RenewAsync(Grace, Token))!.Find(Ada)!.Status);
    }

    // Broken on purpose: the epoch not compared; both had the shard, one after the other.
    [Fact]
    public async Task Of_several_takers_one_gets_the_shard()
    {
        Incarnation[] takers = [.. Enumerable.Range(1, 8).Select(number => new Incarnation((UInt128)(ulong)number))];
        foreach (var taker in takers)
        {
            await JoinAsync(taker);
        }

        for (var epoch = 0; epoch < 20; epoch++)
        {
            var found = new ShardOwner(9, epoch, Incarnation.None);
            var taken = await Task.WhenAll(takers.Select(taker => _store.TakeAsync([found], taker, Token).AsTask()));

            Assert.Equal(epoch + 1, Assert.Single(taken.SelectMany(leases => leases)).Epoch);
        }
    }

    [Fact]
    public async Task A_taken_shard_keeps_its_sequence_and_fences_its_old_owner()
    {
        await JoinAsync(Ada);
        await JoinAsync(Grace);
        var lease = (await _store.TakeAsync([new(3, 0, Incarnation.None)], Ada, Token))[0];
        var batch = new StoreBatch(lease, 7, [new(new("agent", "a"), "x.v1", DateTimeOffset.UnixEpoch, Encoding.UTF8.GetBytes("{}"), false)], [], []);
        await _store.CommitAsync([batch], Token);

        var taken = (await _store.TakeAsync([new(3, 1, Ada)], Grace, Token))[0];

        Assert.Equal(new(3, 1, 2, Grace, 1, 7), taken);
        Assert.Equal([3], (await _store.CommitAsync([batch with { Held = lease with { Sequence = 1, LastBatch = 7 }, Id = 8 }], Token)).Fenced);
    }

    [Fact]
    public async Task A_member_is_asked_to_leave_once()
    {
        await JoinAsync(Ada);

        Assert.True(await _store.AskToLeaveAsync(Ada, Token));
        Assert.False(await _store.AskToLeaveAsync(Ada, Token));
        Assert.False(await _store.AskToLeaveAsync(Grace, Token));
        Assert.Equal(MemberStatus.Leaving, (await _store.RenewAsync(Ada, Token))!.Members[0].Status);
    }

    [Fact]
    public async Task Letters_of_other_nodes_are_read_by_their_receivers_node_and_their_effect_by_the_senders()
    {
        var leases = await _store.AcquireAsync([1, 2], Ada, Token);
        ActorId sender = new("agent", "sender"), receiver = new("registry", "receiver");
        Row Outbox(int number) => new(
            new("outbox", $"{sender}>{receiver}#{number}"), sender,
            [RowValue.Of(receiver.ToString()), RowValue.Of(number), RowValue.Of("hello.v1")], "{}"u8.ToArray());
        await _store.CommitAsync([new(leases[0], 5, [], [new(RuntimeTables.Outbox, Outbox(1)), new(RuntimeTables.Outbox, Outbox(2))], [])], Token);

        var there = await _store.ReadPostAsync([2], 100, Token);
        Assert.Equal([(1L, "hello.v1"), (2L, "hello.v1")], there.Letters.Select(letter => (letter.Number, letter.Name)));
        Assert.Empty(there.Taken);
        Assert.Empty((await _store.ReadPostAsync([1], 100, Token)).Letters);

        Row received = new(
            new("received", $"{sender}>{receiver}"), receiver, [RowValue.Of(sender.ToString()), RowValue.Of(1)], ReadOnlyMemory<byte>.Empty);
        await _store.CommitAsync([new(leases[1], 6, [], [new(RuntimeTables.Received, received)], [])], Token);

        Assert.Equal([new TakenLetter(sender, receiver, 1)], (await _store.ReadPostAsync([1], 100, Token)).Taken);
        Assert.Empty((await _store.ReadPostAsync([2], 100, Token)).Taken);
    }

    private ValueTask JoinAsync(Incarnation incarnation) =>
        _store.JoinAsync(new(incarnation, "http://127.0.0.1:1", 1, MemberStatus.Up, DateTimeOffset.UnixEpoch, "1"), Token);
}
