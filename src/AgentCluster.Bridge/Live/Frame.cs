namespace AgentCluster.Bridge.Live;

/// <summary>An event as it goes out, encoded once for all who hear it.</summary>
/// <param name="Shard">Its shard.</param>
/// <param name="Sequence">Its place in the shard.</param>
/// <param name="Channels">What it is about.</param>
/// <param name="Sse">As an event of a stream: <c>id</c>, <c>event</c> and <c>data</c>.</param>
/// <param name="Json">The part of <paramref name="Sse"/> that is the event itself.</param>
internal sealed record Frame(int Shard, long Sequence, string[] Channels, ReadOnlyMemory<byte> Sse, ReadOnlyMemory<byte> Json);
