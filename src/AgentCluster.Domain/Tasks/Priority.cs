using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Tasks;

/// <summary>How urgent a task is; the smallest goes first.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Priority>))]
public enum Priority
{
    /// <summary>Critical.</summary>
    P0,

    /// <summary>High.</summary>
    P1,

    /// <summary>Normal, the default.</summary>
    P2,

    /// <summary>Low.</summary>
    P3,

    /// <summary>Some day.</summary>
    P4,
}

/// <summary>Reads <see cref="Priority"/>.</summary>
public static class Priorities
{
    /// <summary>Reads <c>P0</c> to <c>P4</c>, alone or followed by a dash and a word (<c>P0-CRITICAL</c>, <c>P1-HIGH</c>).</summary>
    /// <param name="text">As it came.</param>
    /// <param name="priority">The priority; P2 when it is none.</param>
    /// <returns>Whether it is one.</returns>
    public static bool TryParse(string text, out Priority priority)
    {
        var isPriority = text is ['P', >= '0' and <= '4', ..] && (text.Length == 2 || IsAlias(text.AsSpan(2)));
        priority = isPriority ? (Priority)(text[1] - '0') : Priority.P2;
        return isPriority;
    }

    private static bool IsAlias(ReadOnlySpan<char> rest) =>
        rest is ['-', _, ..] && rest.Length <= 20 && !rest[1..].ContainsAnyExceptInRange('A', 'Z');
}
