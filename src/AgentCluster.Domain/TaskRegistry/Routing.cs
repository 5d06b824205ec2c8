namespace AgentCluster.Domain.TaskRegistry;

/// <summary>Why a task's current or last claim went where it went.</summary>
/// <param name="At">UTC; when it was granted.</param>
/// <param name="Best">How the task stood as the best ready one; null when it was asked for by name.</param>
internal sealed record Routing(DateTimeOffset At, Standing? Best = null);

/// <summary>What made a task the best ready one, beside its priority and age.</summary>
/// <param name="Running">Running tasks of its epic, or of none: fewer go first.</param>
/// <param name="Dependants">Open tasks that depend directly on it: more go first.</param>
public sealed record Standing(int Running, int Dependants);
