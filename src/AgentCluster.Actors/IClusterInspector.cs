namespace AgentCluster.Actors;

/// <summary>Looks at the cluster, and lets operators say who leaves and who is down. Of a node alone it shows that node.</summary>
public interface IClusterInspector
{
    /// <summary>The members, as this node read them last; those that are down while they still own shards.</summary>
    IReadOnlyList<MemberReport> Members();

    /// <summary>Every shard and its owner, as this node read them last, by number.</summary>
    IReadOnlyList<ShardReport> Shards();

    /// <summary>The actors of a shard that are in memory here.</summary>
    /// <param name="shard">From 0.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    ValueTask<IReadOnlyList<ActorReport>> ActorsAsync(int shard, CancellationToken cancellationToken);

    /// <summary>Asks a member to hand its shards over and to end.</summary>
    /// <param name="member">Its id.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>False when it is not up.</returns>
    /// <exception cref="StoreUnavailableException">Unknown whether it happened; asking again is safe.</exception>
    ValueTask<bool> LeaveAsync(string member, CancellationToken cancellationToken);

    /// <summary>Declares a member down, for good: its shards are taken at once. A node that lives comes back as another member.</summary>
    /// <param name="member">Its id.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>False when it is not a member, or is down already.</returns>
    /// <exception cref="StoreUnavailableException">Unknown whether it happened; asking again is safe.</exception>
    ValueTask<bool> DownAsync(string member, CancellationToken cancellationToken);

    /// <summary>Says that the database was put back to an earlier state: a generation begins, and nothing from before is believed.</summary>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The generation that begins; null for a node alone, whose backups say it of themselves.</returns>
    /// <exception cref="StoreUnavailableException">Unknown whether it happened; asking again is safe, and begins another.</exception>
    ValueTask<int?> RestoredAsync(CancellationToken cancellationToken);
}

/// <summary>One run of one node.</summary>
/// <param name="Id">Random, of this run.</param>
/// <param name="Address">Where it is reached; empty for a node alone.</param>
/// <param name="Status"><c>up</c>, <c>leaving</c> or <c>down</c>.</param>
/// <param name="IsSelf">Whether it is the node that answers.</param>
/// <param name="Shards">How many it owns.</param>
/// <param name="JoinedAt">UTC.</param>
/// <param name="Version">Of its program.</param>
public sealed record MemberReport(
    string Id, string Address, string Status, bool IsSelf, int Shards, DateTimeOffset JoinedAt, string Version);

/// <summary>One shard.</summary>
/// <param name="Shard">From 0.</param>
/// <param name="Epoch">Counts its owners; 0 when it never had one.</param>
/// <param name="Owner">The id of its owner; null when it has none.</param>
/// <param name="Address">Where its owner is reached; null when it has none.</param>
public sealed record ShardReport(int Shard, long Epoch, string? Owner, string? Address);
