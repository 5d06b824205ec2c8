using System.Text.Json;
using AgentCluster.Actors;
using AgentCluster.Domain.Conflicts;

namespace AgentCluster.Domain.ConflictDetector;

/// <summary>A conflict as a row, and back.</summary>
internal static class ConflictRow
{
    public static RowKey Key(ConflictId id) => new(DetectorTables.Conflict.Name, id.Value);

    public static Row Write(string repository, Conflict conflict) => new(
        Key(conflict.Found.Id),
        Kinds.DetectorOf(repository),
        [
            RowValue.Of(repository),
            RowValue.Of(conflict.Found.Type.Word()),
            RowValue.Of(conflict.Found.Severity.Word()),
            RowValue.Of(conflict.Status.Word()),
            RowValue.Of(Lines.Join(conflict.Found.Agents.Select(agent => agent.Value).ToValueList())),
            RowValue.Of(Lines.Join(conflict.Found.Tasks.Select(task => task.Value).ToValueList())),
            RowValue.Of(conflict.Status != ConflictStatus.Resolved),
            RowValue.Of(conflict.DetectedAt),
        ],
        JsonSerializer.SerializeToUtf8Bytes(new(1, conflict), DetectorJson.Default.ConflictPayload));

    public static (string Repository, Conflict Conflict) Read(Row row) => (
        row.Columns[0].Text!,
        JsonSerializer.Deserialize(row.Payload.Span, DetectorJson.Default.ConflictPayload)?.Conflict
            ?? throw new JsonException($"The payload of {row.Key} is null."));
}

/// <summary>What a conflict's row holds beside its columns.</summary>
/// <param name="V">Of this shape. A newer node reads all older ones.</param>
/// <param name="Conflict">All of it.</param>
internal sealed record ConflictPayload(int V, Conflict Conflict);
