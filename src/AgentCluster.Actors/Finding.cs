namespace AgentCluster.Actors;

/// <summary>How well something is.</summary>
public enum Condition
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It works, and somebody should look at it.</summary>
    Warning,

    /// <summary>A promise does not hold, or will not soon.</summary>
    Failed,
}

/// <summary>What an examination of a node, or of its data, found in one respect.</summary>
/// <param name="Check">What was looked at: a word or two in snake_case, the same in every version.</param>
/// <param name="Condition">How well it is.</param>
/// <param name="Found">What was found, for people.</param>
/// <param name="Advice">What to do; null when nothing has to be done.</param>
public sealed record Finding(string Check, Condition Condition, string Found, string? Advice = null);
