using System.Globalization;

namespace AgentCluster.Cli.Commands;

/// <summary>Builds the address of a question.</summary>
internal static class Query
{
    /// <summary>A path with those parameters that have a value.</summary>
    /// <param name="path">Without a query.</param>
    /// <param name="parameters">Names and values; null leaves one out.</param>
    public static string Of(string path, params ReadOnlySpan<(string Name, string? Value)> parameters)
    {
        var query = string.Empty;
        foreach (var (name, value) in parameters)
        {
            query += value is null ? string.Empty : $"{(query.Length == 0 ? '?' : '&')}{name}={Uri.EscapeDataString(value)}";
        }

        return path + query;
    }

    /// <summary>A number as it stands in a query.</summary>
    /// <param name="number">Any.</param>
    public static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
