namespace AgentCluster.Storage.Sqlite;

/// <summary>What makes the tables of the file.</summary>
internal static class Migration
{
    /// <summary>All steps, in order.</summary>
    public static IReadOnlyList<SchemaStep> All { get; } = SchemaStep.Of("Sqlite/");

    /// <summary>The statements of a step, for the library that is loaded.</summary>
    /// <param name="step">One of them.</param>
    /// <param name="isStrict">Whether the library knows STRICT tables.</param>
    public static string Sql(this SchemaStep step, bool isStrict) => step.Sql()
        .Replace("{strict}", isStrict ? " STRICT" : "", StringComparison.Ordinal)
        .Replace("{keyed}", isStrict ? " WITHOUT ROWID, STRICT" : " WITHOUT ROWID", StringComparison.Ordinal);
}
