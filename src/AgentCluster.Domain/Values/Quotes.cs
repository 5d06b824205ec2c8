namespace AgentCluster.Domain;

/// <summary>Names in a sentence.</summary>
internal static class Quotes
{
    /// <summary>Each between apostrophes, divided by commas.</summary>
    public static string Quoted<T>(this IEnumerable<T> names) => string.Join(", ", names.Select(name => $"'{name}'"));
}
