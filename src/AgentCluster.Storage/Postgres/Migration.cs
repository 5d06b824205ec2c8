namespace AgentCluster.Storage.Postgres;

/// <summary>What makes the tables of the database.</summary>
internal static class Migration
{
    /// <summary>All steps, in order.</summary>
    public static IReadOnlyList<SchemaStep> All { get; } = SchemaStep.Of("Postgres/");
}
