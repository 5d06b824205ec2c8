namespace AgentCluster.Actors;

/// <summary>An event as stored.</summary>
/// <param name="Shard">Its shard.</param>
/// <param name="Sequence">1 for the shard's first; no gaps.</param>
/// <param name="Actor">Whose.</param>
/// <param name="Name">Versioned name on disk.</param>
/// <param name="At">UTC of the turn.</param>
/// <param name="Payload">As written.</param>
/// <param name="Channels">What it is about besides its actor, as <see cref="IBehavior{TState,TCommand,TEvent}.Channels"/> said; a line each.</param>
public sealed record StoredEvent(
    int Shard,
    long Sequence,
    ActorId Actor,
    string Name,
    DateTimeOffset At,
    ReadOnlyMemory<byte> Payload,
    string Channels = "");
