using System.Text.Json;

namespace AgentCluster.Client.Calls;

/// <summary>What became of a request. Closed: every case is in this file.</summary>
internal abstract record Outcome
{
    private Outcome()
    {
    }

    /// <summary>Whether it may have been done although nobody could say so; with a key, the same request finds out.</summary>
    public bool IsUnknown { get; init; }

    /// <summary>It was done, or read.</summary>
    /// <param name="Answer">Null when there is nothing to say.</param>
    public sealed record Done(JsonElement? Answer) : Outcome;

    /// <summary>The node said no.</summary>
    /// <param name="Problem">Why.</param>
    public sealed record Refused(Problem Problem) : Outcome;

    /// <summary>No node gave a final answer in time.</summary>
    /// <param name="Words">What the tries met, a line each.</param>
    public sealed record Away(params IReadOnlyList<string> Words) : Outcome;

    /// <summary>Whoever answered is no node.</summary>
    /// <param name="Words">What was found.</param>
    public sealed record Foreign(string Words) : Outcome;
}
