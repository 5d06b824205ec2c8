using System.Text.Json;
using AgentCluster.SystemTests.Histories;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Load;

/// <summary>Reads all tasks of a project as they are now.</summary>
internal static class FoundTasks
{
    public static async Task<IReadOnlyList<FoundTask>> ReadAsync(NodeClient node, string project, CancellationToken cancellationToken) =>
        [.. (await node.ListAsync($"/api/v1/tasks/?project={project}", cancellationToken)).Select(Read)];

    private static FoundTask Read(JsonElement task)
    {
        var id = task.GetProperty("id").GetString()!;
        var claim = task.GetProperty("claim");
        return new(
            id,
            task.GetProperty("title").GetString()!,
            task.GetProperty("status").GetString()!,
            task.GetProperty("attempt").GetInt32(),
            claim.ValueKind == JsonValueKind.Null ? null : new(id, claim.GetProperty("agent").GetString()!, claim.GetProperty("token").GetInt64()));
    }
}
