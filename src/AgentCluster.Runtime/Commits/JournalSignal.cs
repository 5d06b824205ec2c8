using AgentCluster.Actors;

namespace AgentCluster.Runtime.Commits;

/// <summary>Wakes who reads the journal, after a commit of this process is durable (P1).</summary>
internal sealed class JournalSignal(TaskCreationOptions answers) : IJournalSignal
{
    private TaskCompletionSource _next = new(answers);

    /// <inheritdoc/>
    public Task NextWrite => Volatile.Read(ref _next).Task;

    public void Written() => Interlocked.Exchange(ref _next, new(answers)).TrySetResult();
}
