namespace AgentCluster.Client;

/// <summary>A call did not end well: a node refused, or none could be reached.</summary>
public abstract class ClusterException : Exception
{
    private protected ClusterException(string message)
        : base(message)
    {
    }
}

/// <summary>A node refused. It was certainly not done.</summary>
/// <param name="problem">Why.</param>
public sealed class RefusedException(Problem problem) : ClusterException(problem.Words)
{
    /// <summary>Why.</summary>
    public Problem Problem => problem;
}

/// <summary>No node gave a final answer within the patience of the call.</summary>
/// <param name="words">What the last try met.</param>
/// <param name="isUnknown">Whether it may have been done.</param>
/// <param name="idempotencyKey">With which to ask again: what was done is not done twice. Null for reads.</param>
public sealed class NodeAwayException(string words, bool isUnknown, string? idempotencyKey)
    : ClusterException(isUnknown ? $"{words} It is not known whether it was done; the same call with Idempotency-Key {idempotencyKey} finds out." : words)
{
    /// <summary>Whether it may have been done.</summary>
    public bool IsUnknown => isUnknown;

    /// <summary>With which to ask again; null for reads.</summary>
    public string? IdempotencyKey => idempotencyKey;
}

/// <summary>Whoever answered speaks no JSON, or not as this client knows it: it is no node, or one of another version.</summary>
/// <param name="words">What was found.</param>
public sealed class ForeignAnswerException(string words) : ClusterException(words);
