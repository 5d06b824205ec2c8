using System.Text.Json;
using AgentCluster.Actors;
using AgentCluster.Domain.Worktrees;

namespace AgentCluster.Domain.ConflictDetector;

/// <summary>A worktree as a row, and back: who works where. What was seen in it is asked of its detector.</summary>
internal static class WorktreeRow
{
    public static RowKey Key(string repository, string name) => new(DetectorTables.Worktree.Name, $"{repository}\n{name}");

    public static string NameIn(RowKey key) => key.Id[(key.Id.IndexOf('\n', StringComparison.Ordinal) + 1)..];

    public static Row Write(string repository, Worktree worktree) => new(
        Key(repository, worktree.Name),
        Kinds.DetectorOf(repository),
        [RowValue.Of(repository), RowValue.Of(worktree.Agent.Value), RowValue.Of(worktree.Path)],
        JsonSerializer.SerializeToUtf8Bytes(new(1, worktree with { Seen = null, Reported = [] }), DetectorJson.Default.WorktreePayload));

    public static (string Repository, Worktree Worktree) Read(Row row) => (
        row.Columns[0].Text!,
        JsonSerializer.Deserialize(row.Payload.Span, DetectorJson.Default.WorktreePayload)?.Worktree
            ?? throw new JsonException($"The payload of {row.Key} is null."));
}

/// <summary>What a worktree's row holds beside its columns.</summary>
/// <param name="V">Of this shape. A newer node reads all older ones.</param>
/// <param name="Worktree">Without what was seen in it.</param>
internal sealed record WorktreePayload(int V, Worktree Worktree);
