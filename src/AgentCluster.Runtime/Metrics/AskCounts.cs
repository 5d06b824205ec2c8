using System.Collections.Immutable;
using AgentCluster.Actors;
using AgentCluster.Actors.Metrics;

namespace AgentCluster.Runtime.Metrics;

/// <summary>How the asks of a node ended that were not answered by a reply.</summary>
internal sealed class AskCounts
{
    private static readonly ImmutableArray<string> Words =
        ["overloaded", "not_ready", "not_done", "storage_full", "quarantined", "faulted", "unknown", "given_up", "key_reused"];
    private readonly Counter[] _ends = [.. Words.Select(_ => new Counter())];

    /// <summary>Counts an end.</summary>
    /// <param name="error">What the caller is told.</param>
    public void Failed(Exception error) => _ends[error switch
    {
        ActorUnavailableException refused => (int)refused.Why,
        OutcomeUnknownException => 6,
        OperationCanceledException => 7,
        CommandIdMismatchException => 8,
        _ => (int)Unavailable.Faulted,
    }].Add();

    public IEnumerable<Sample> Read() => _ends.Select((end, index) => new Sample([Words[index]], end.Value));
}
