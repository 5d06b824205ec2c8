using AgentCluster.Actors;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Runtime.Membership;

/// <summary>
/// The nodes that share a store, and which of them owns what: a port beside <see cref="IStore"/>, of the same database. Which node
/// is down is decided by whoever has watched its counter stand still (<see cref="Watch"/>); here is only written what was decided.
/// </summary>
public interface IMembers
{
    /// <summary>Enters this run of a node. Members that are down and own nothing any more are forgotten.</summary>
    /// <param name="self">Its random identity, and how others reach it.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="StoreUnavailableException">Unknown whether it happened; asking again is safe.</exception>
    ValueTask JoinAsync(Member self, CancellationToken cancellationToken);

    /// <summary>Says that this run of the node is alive, by counting on, and reads everything.</summary>
    /// <param name="self">Who.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>Null when it was declared down: that is final, it may only come back as another incarnation.</returns>
    /// <exception cref="StoreUnavailableException">Unknown whether it happened; asking again is safe.</exception>
    ValueTask<ClusterView?> RenewAsync(Incarnation self, CancellationToken cancellationToken);

    /// <summary>Declares a member down, once and for good, if its counter is still what it was.</summary>
    /// <param name="member">Who.</param>
    /// <param name="counter">As it was watched; null declares it whatever it is (an operator).</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>False when it has counted on, or is not a member.</returns>
    /// <exception cref="StoreUnavailableException">Unknown whether it happened; asking again is safe.</exception>
    ValueTask<bool> DeclareDownAsync(Incarnation member, long? counter, CancellationToken cancellationToken);

    /// <summary>Asks a member to leave: it hands its shards over and ends.</summary>
    /// <param name="member">Who.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>False when it is not up.</returns>
    /// <exception cref="StoreUnavailableException">Unknown whether it happened; asking again is safe.</exception>
    ValueTask<bool> AskToLeaveAsync(Incarnation member, CancellationToken cancellationToken);

    /// <summary>
    /// Begins a generation, because the store was put back to an earlier state: every member is down and comes back as another, every
    /// shard is free, and no lease, token or cursor from before is believed. A store that notices by itself does it by itself.
    /// </summary>
    /// <param name="cancellationToken">Honoured until the transaction starts.</param>
    /// <returns>The generation that begins.</returns>
    /// <exception cref="StoreUnavailableException">Unknown whether it happened; asking again is safe, and begins another.</exception>
    ValueTask<int> BeginGenerationAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Takes shards, epoch + 1, that nobody has taken since they were read. A member that is not up takes none, and nobody takes any
    /// by what was read in another generation: epochs of a lost past are counted again.
    /// </summary>
    /// <param name="found">Shards and their epochs as they were read.</param>
    /// <param name="generation">The store's, when they were read.</param>
    /// <param name="owner">Who takes them.</param>
    /// <param name="cancellationToken">Honoured until the transaction starts.</param>
    /// <returns>The leases of those that were taken.</returns>
    /// <exception cref="StoreUnavailableException">Unknown whether it happened; asking again is safe.</exception>
    ValueTask<IReadOnlyList<ShardLease>> TakeAsync(IReadOnlyList<ShardOwner> found, int generation, Incarnation owner, CancellationToken cancellationToken);

    /// <summary>Reads letters of other nodes' actors to ours, and which of ours have taken effect there.</summary>
    /// <param name="owned">The shards of this node.</param>
    /// <param name="limit">How many of each at most.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<Post> ReadPostAsync(IReadOnlyList<int> owned, int limit, CancellationToken cancellationToken);

    /// <summary>Begins to hear from other nodes. What is heard are hints: they may be lost, so who listens also looks now and then.</summary>
    /// <param name="changed">Called when members or owners may have changed; from any thread, and returns at once.</param>
    /// <param name="written">Called when the journal may have grown; from any thread, and returns at once.</param>
    void Listen(Action changed, Action written);

    /// <summary>Hints the other nodes that members or owners have changed. Never waits, never fails.</summary>
    void Hint();
}

/// <summary>One run of one node.</summary>
/// <param name="Incarnation">Its random identity.</param>
/// <param name="Address">Where callers reach it.</param>
/// <param name="Counter">Grows with each renewal.</param>
/// <param name="Status">Whether it takes part.</param>
/// <param name="JoinedAt">UTC, for people.</param>
/// <param name="Version">Of its program, for people.</param>
public sealed record Member(
    Incarnation Incarnation, string Address, long Counter, MemberStatus Status, DateTimeOffset JoinedAt, string Version)
{
    /// <summary>Where other nodes send messages to; empty when it takes none.</summary>
    public string PeerAddress { get; init; } = "";
}

/// <summary>Whether a member takes part.</summary>
public enum MemberStatus
{
    /// <summary>It owns shards.</summary>
    Up,

    /// <summary>It hands its shards over.</summary>
    Leaving,

    /// <summary>Its shards may be taken. Final.</summary>
    Down,
}

/// <summary>Who owned a shard when it was read.</summary>
/// <param name="Shard">From 0.</param>
/// <param name="Epoch">0 when it never had an owner.</param>
/// <param name="Owner"><see cref="Incarnation.None"/> when nobody does.</param>
public readonly record struct ShardOwner(int Shard, long Epoch, Incarnation Owner);

/// <summary>All that is known of a cluster at one moment.</summary>
/// <param name="Generation">Of the store.</param>
/// <param name="Members">In the order of their incarnations; those that are down too, while they still own something.</param>
/// <param name="Owners">Every shard that ever had an owner, by number.</param>
public sealed record ClusterView(int Generation, IReadOnlyList<Member> Members, IReadOnlyList<ShardOwner> Owners)
{
    /// <summary>A member, unless it is forgotten.</summary>
    /// <param name="incarnation">Who.</param>
    public Member? Find(Incarnation incarnation) => Members.FirstOrDefault(member => member.Incarnation == incarnation);
}

/// <summary>What other nodes have for us.</summary>
/// <param name="Generation">The store's when it was read; it means nothing in another.</param>
/// <param name="Letters">To our actors, oldest first for each pair.</param>
/// <param name="Taken">Letters of our actors that have taken effect.</param>
public sealed record Post(int Generation, IReadOnlyList<PostedLetter> Letters, IReadOnlyList<TakenLetter> Taken);

/// <summary>A letter as its sender has stored it.</summary>
/// <param name="From">The sender.</param>
/// <param name="To">The receiver.</param>
/// <param name="Number">Without gaps for the pair.</param>
/// <param name="Name">Of the command on disk.</param>
/// <param name="Payload">The command.</param>
public sealed record PostedLetter(ActorId From, ActorId To, long Number, string Name, ReadOnlyMemory<byte> Payload);

/// <summary>How far a receiver has taken a sender's letters.</summary>
/// <param name="From">The sender.</param>
/// <param name="To">The receiver.</param>
/// <param name="Number">Of the last one taken.</param>
public readonly record struct TakenLetter(ActorId From, ActorId To, long Number);
