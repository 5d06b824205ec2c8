using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Ports;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Runtime.Routing;

/// <summary>Which node has which shard, as one view of the cluster says it.</summary>
internal sealed class Routes
{
    private readonly Peer?[] _byShard;

    private Routes(ClusterView? view, Peer?[] byShard, IReadOnlyCollection<Peer> peers) => (View, _byShard, Peers) = (view, byShard, peers);

    /// <summary>What it was made of.</summary>
    public ClusterView? View { get; }

    /// <summary>Every other node that can be reached.</summary>
    public IReadOnlyCollection<Peer> Peers { get; }

    /// <summary>The other node that has a shard; null when it is this one, or none, or one that takes no messages.</summary>
    /// <param name="shard">From 0.</param>
    public Peer? this[int shard] => _byShard[shard];

    /// <summary>Before anything is known: every command looks for its actor here.</summary>
    /// <param name="shards">How many there are.</param>
    public static Routes None(int shards) => new(null, new Peer?[shards], []);

    /// <summary>What a view says.</summary>
    /// <param name="view">As read.</param>
    /// <param name="self">This node.</param>
    /// <param name="shards">How many there are.</param>
    public static Routes Of(ClusterView view, Incarnation self, int shards)
    {
        Peer[] peers =
        [
            .. view.Members
                .Where(member => member.Incarnation != self && member.Status != MemberStatus.Down && member.PeerAddress.Length > 0)
                .Select(member => new Peer(member.PeerAddress, member.Incarnation.Value)),
        ];
        var byOwner = peers.ToDictionary(peer => peer.Incarnation);
        var byShard = new Peer?[shards];
        foreach (var owner in view.Owners)
        {
            byShard[owner.Shard] = byOwner.TryGetValue(owner.Owner.Value, out var peer) ? peer : null;
        }

        return new(view, byShard, peers);
    }
}
