using System.Text;
using AgentCluster.Actors;
using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Tests.Storage;

/// <summary>
/// What every database that nodes share must decide between them: who is a member, who is down for good, and that a shard is taken
/// once. A new one is one subclass.
/// </summary>
public abstract partial class MembersConformance : IAsyncLifetime
{
    private static readonly Incarnation Ada = new(0xA);
    private static readonly Incarnation Grace = new(0xB);
    private IStore _store = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private IMembers Members => (IMembers)_store;

    public async ValueTask InitializeAsync() => _store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>An empty store with no members, which is <see cref="IMembers"/> too.</summary>
    protected abstract ValueTask<IStore> OpenAsync();

    [Fact]
    public async Task A_renewal_counts_on_and_reads_everything()
    {
        await JoinAsync(Ada);
        await JoinAsync(Grace);
        await Members.TakeAsync([new(3, 0, Incarnation.None)], 1, Grace, Token);

        var view = await Members.RenewAsync(Ada, Token);
        view = await Members.RenewAsync(Ada, Token);

        Assert.Equal([(Ada, 3L), (Grace, 1L)], view!.Members.Select(member => (member.Incarnation, member.Counter)));
        Assert.Equal([new ShardOwner(3, 1, Grace)], view.Owners);
        Assert.Equal(1, view.Generation);
    }

    // Broken on purpose: the counter not compared; a node that had just renewed was declared down.
    [Fact]
    public async Task A_member_that_has_counted_on_is_not_declared_down()
    {
        await JoinAsync(Ada);
        var seen = (await Members.RenewAsync(Ada, Token))!.Members[0].Counter;
        await Members.RenewAsync(Ada, Token);

        Assert.False(await Members.DeclareDownAsync(Ada, seen, Token));
        Assert.True(await Members.DeclareDownAsync(Ada, seen + 1, Token));
    }

    // Broken on purpose: the status not looked at by a renewal; the dead came back.
    [Fact]
    public async Task Down_is_final()
    {
        await JoinAsync(Ada);
        await JoinAsync(Grace);
        await Members.TakeAsync([new(3, 0, Incarnation.None)], 1, Ada, Token);
        await Members.DeclareDownAsync(Ada, null, Token);

        Assert.Null(await Members.RenewAsync(Ada, Token));
        Assert.Empty(await Members.TakeAsync([new(4, 0, Incarnation.None)], 1, Ada, Token));
        await JoinAsync(Ada);
        Assert.Null(await Members.RenewAsync(Ada, Token));
        Assert.Equal(MemberStatus.Down, (await Members.RenewAsync(Grace, Token))!.Find(Ada)!.Status);
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
            var taken = await Task.WhenAll(takers.Select(taker => Members.TakeAsync([found], 1, taker, Token).AsTask()));

            Assert.Equal(epoch + 1, Assert.Single(taken.SelectMany(leases => leases)).Epoch);
        }
    }

    [Fact]
    public async Task A_taken_shard_keeps_its_sequence_and_fences_its_old_owner()
    {
        await JoinAsync(Ada);
        await JoinAsync(Grace);
        var lease = (await Members.TakeAsync([new(3, 0, Incarnation.None)], 1, Ada, Token))[0];
        var batch = new StoreBatch(lease, 7, [new(new("agent", "a"), "x.v1", DateTimeOffset.UnixEpoch, Encoding.UTF8.GetBytes("{}"), false)], [], []);
        await _store.CommitAsync([batch], Token);

        var taken = (await Members.TakeAsync([new(3, 1, Ada)], 1, Grace, Token))[0];

        Assert.Equal(new(3, 1, 2, Grace, 1, 7), taken);
        Assert.Equal([3], (await _store.CommitAsync([batch with { Held = lease with { Sequence = 1, LastBatch = 7 }, Id = 8 }], Token)).Fenced);
    }

    [Fact]
    public async Task A_generation_that_begins_ends_every_member_and_frees_every_shard()
    {
        await JoinAsync(Ada);
        var lease = (await Members.TakeAsync([new(3, 0, Incarnation.None)], 1, Ada, Token))[0];

        Assert.Equal(2, await Members.BeginGenerationAsync(Token));

        Assert.Null(await Members.RenewAsync(Ada, Token));
        await JoinAsync(Grace);
        var view = (await Members.RenewAsync(Grace, Token))!;
        Assert.Equal(2, view.Generation);
        Assert.Equal([new ShardOwner(3, 1, Incarnation.None)], view.Owners);
        Assert.Equal([3], (await _store.CommitAsync([new(lease, 7, [], [], [])], Token)).Fenced);
        Assert.Empty(await Members.TakeAsync([new(3, 1, Incarnation.None)], 1, Grace, Token));
        Assert.Equal(new(3, 2, 2, Grace, 0, 0), (await Members.TakeAsync([new(3, 1, Incarnation.None)], 2, Grace, Token))[0]);
    }

    [Fact]
    public async Task A_member_is_asked_to_leave_once()
    {
        await JoinAsync(Ada);

        Assert.True(await Members.AskToLeaveAsync(Ada, Token));
        Assert.False(await Members.AskToLeaveAsync(Ada, Token));
        Assert.False(await Members.AskToLeaveAsync(Grace, Token));
        Assert.Equal(MemberStatus.Leaving, (await Members.RenewAsync(Ada, Token))!.Members[0].Status);
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

        var there = await Members.ReadPostAsync([2], 100, Token);
        Assert.Equal([(1L, "hello.v1"), (2L, "hello.v1")], there.Letters.Select(letter => (letter.Number, letter.Name)));
        Assert.Empty(there.Taken);
        Assert.Equal(1, there.Generation);
        Assert.Empty((await Members.ReadPostAsync([1], 100, Token)).Letters);

        Row received = new(
            new("received", $"{sender}>{receiver}"), receiver, [RowValue.Of(sender.ToString()), RowValue.Of(1)], ReadOnlyMemory<byte>.Empty);
        await _store.CommitAsync([new(leases[1], 6, [], [new(RuntimeTables.Received, received)], [])], Token);

        Assert.Equal([new TakenLetter(sender, receiver, 1)], (await Members.ReadPostAsync([1], 100, Token)).Taken);
        Assert.Empty((await Members.ReadPostAsync([2], 100, Token)).Taken);
    }

    private ValueTask JoinAsync(Incarnation incarnation) =>
        Members.JoinAsync(new(incarnation, "http://127.0.0.1:1", 1, MemberStatus.Up, DateTimeOffset.UnixEpoch, "1"), Token);
}
