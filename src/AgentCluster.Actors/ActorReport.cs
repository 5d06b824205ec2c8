namespace AgentCluster.Actors;

/// <summary>Looks into actors of this node, for operators.</summary>
public interface IActorInspector
{
    /// <summary>What can be seen of one actor without waking it; null when it is not in memory.</summary>
    /// <param name="actor">Which.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    ValueTask<ActorReport?> InspectAsync(ActorId actor, CancellationToken cancellationToken);

    /// <summary>What this node carries.</summary>
    /// <param name="cancellationToken">Stops the waiting.</param>
    ValueTask<NodeReport> InspectAsync(CancellationToken cancellationToken);
}

/// <summary>One actor in memory.</summary>
/// <param name="Actor">Which.</param>
/// <param name="Shard">Its shard, from 0.</param>
/// <param name="Status"><c>recovering</c>, <c>running</c>, <c>backing-off</c> or <c>quarantined</c>.</param>
/// <param name="Detail">Why it is not running; null when it is.</param>
/// <param name="Turns">Turns taken since it was activated.</param>
/// <param name="Pending">Commands taken and not yet answered.</param>
/// <param name="Outbox">Messages sent and not yet taken by their receivers.</param>
/// <param name="Timers">Timers set.</param>
/// <param name="Failures">How often it failed in a row.</param>
/// <param name="Parked">Messages and timers that were set aside because deciding them failed three times.</param>
public sealed record ActorReport(
    ActorId Actor, int Shard, string Status, string? Detail, long Turns, int Pending, int Outbox, int Timers, int Failures, int Parked);

/// <summary>What one node carries.</summary>
/// <param name="Shards">Shards owned.</param>
/// <param name="Actors">Actors in memory.</param>
/// <param name="Pending">Commands taken and not yet answered.</param>
/// <param name="Commits">Groups committed since the start.</param>
/// <param name="Events">Events committed since the start.</param>
/// <param name="Quarantined">Actors that wait for an operator.</param>
/// <param name="Draining">Whether the node has stopped taking commands.</param>
public sealed record NodeReport(
    int Shards, int Actors, int Pending, long Commits, long Events, IReadOnlyList<ActorId> Quarantined, bool Draining);
