namespace AgentCluster.TestKit.Probes;

/// <summary>What a probe receives in the place of a reply when its command was not answered.</summary>
/// <param name="Error">For example an <see cref="Actors.ActorUnavailableException"/>.</param>
public sealed record AskFailed(Exception Error);
