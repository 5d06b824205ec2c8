namespace AgentCluster.Domain;

/// <summary>Many names in one column: each between line feeds, so that one is found as <c>\nname\n</c>.</summary>
internal static class Lines
{
    public static string? Join(ValueList<string> names) =>
        names.IsEmpty ? null : $"\n{string.Join('\n', names)}\n";

    public static ValueList<string> Split(string? column) =>
        column is null ? [] : ValueList.Of<string>(column[1..^1].Split('\n'));

    /// <summary>What a column contains when the name is among its names.</summary>
    public static string Needle(string name) => $"\n{name}\n";
}
