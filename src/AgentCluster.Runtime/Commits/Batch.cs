using AgentCluster.Actors;
using AgentCluster.Runtime.Sharding;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Runtime.Commits;

/// <summary>What one shard writes next: a part for each actor that took a turn.</summary>
internal sealed class Batch
{
    public List<Part> Parts { get; } = [];

    /// <summary>Turns in it, all parts together.</summary>
    public int Turns { get; set; }
}

/// <summary>A batch with its sequence numbers, on its way to the store.</summary>
/// <param name="Shard">Whose.</param>
/// <param name="Parts">At least one.</param>
/// <param name="Batch">As the store gets it.</param>
internal sealed record SealedBatch(Shard Shard, IReadOnlyList<Part> Parts, StoreBatch Batch)
{
    /// <summary>Numbers the events of <paramref name="parts"/> after <paramref name="held"/>.</summary>
    public static SealedBatch Of(Shard shard, ShardLease held, UInt128 id, IReadOnlyList<Part> parts)
    {
        if (parts.Count == 1)
        {
            return new(shard, parts, new(held, id, parts[0].Events, parts[0].Written, parts[0].Gone));
        }

        return new(shard, parts, new(
            held,
            id,
            [.. parts.SelectMany(part => part.Events)],
            [.. parts.SelectMany(part => part.Written)],
            [.. parts.SelectMany(part => part.Gone)]));
    }

    public ShardLease LeaseAfter => Batch.Held with { Sequence = Batch.Sequence, LastBatch = Batch.Id };
}

/// <summary>What became of one part.</summary>
/// <param name="Part">Which.</param>
/// <param name="End">How it ended.</param>
/// <param name="Why">For a part that is not done.</param>
/// <param name="Detail">What the store said; null when done.</param>
internal readonly record struct PartEnd(Part Part, End End, Unavailable Why = Unavailable.NotDone, string? Detail = null);

internal enum End
{
    /// <summary>Durable.</summary>
    Done,

    /// <summary>Certainly not written.</summary>
    NotDone,

    /// <summary>Nobody can tell yet.</summary>
    Unknown,
}

/// <summary>What became of one shard's batch.</summary>
/// <param name="Shard">Whose.</param>
/// <param name="Parts">Each part's end.</param>
/// <param name="Lease">The lease row as it is known now.</param>
/// <param name="Lost">Whether the shard must be acquired anew before anybody reads it: it was fenced, or an outcome could not be settled.</param>
internal sealed record Settlement(Shard Shard, IReadOnlyList<PartEnd> Parts, ShardLease Lease, bool Lost);
