namespace AgentCluster.SystemTests;

/// <summary>Tests that compare times with each other: they run when no other does, after all of those.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
