using System.Text.Json;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.Import;

/// <summary>What a task-master task says to whoever works on it.</summary>
internal static class TaskMasterText
{
    /// <summary>The texts of a task or subtask, in the places where agents look for them.</summary>
    /// <param name="row">The object.</param>
    /// <param name="isStatusKept">Whether its status says more than ours can, and is kept.</param>
    /// <exception cref="FormatException">A field is not text.</exception>
    public static TaskDetail Of(JsonElement row, bool isStatusKept)
    {
        string[] criteria = [.. Criteria(row)];
        var fits = criteria.Where(criterion => criterion.Length <= Bounds.NoteLength);
        string?[] told =
        [
            RowJson.Text(row, "description"),
            RowJson.Text(row, "details"),
            .. criteria.Where(criterion => criterion.Length > Bounds.NoteLength),
        ];
        var description = string.Join("\n\n", told.Where(text => !string.IsNullOrWhiteSpace(text)));
        return new()
        {
            Description = description.Length > 0 ? description : null,
            AcceptanceCriteria = fits.ToValueList(),
            Metadata = RowJson.Rest(row, field => HasPlace(field) || (field == "status" && !isStatusKept)),
        };
    }

    private static IEnumerable<string> Criteria(JsonElement row)
    {
        var listed = row.TryGetProperty("acceptanceCriteria", out var criteria) && criteria.ValueKind == JsonValueKind.Array
            ? RowJson.Texts(row, "acceptanceCriteria")
            : [RowJson.Text(row, "acceptanceCriteria") ?? string.Empty];
        return listed.Append(RowJson.Text(row, "testStrategy") ?? string.Empty)
            .Where(text => !string.IsNullOrWhiteSpace(text))
            .Distinct(StringComparer.Ordinal);
    }

    private static bool HasPlace(string field) => field is "id" or "title" or "description" or "details" or "testStrategy"
        or "acceptanceCriteria" or "dependencies" or "priority" or "subtasks" or "parentId" or "tags" or "assignee" or "createdAt" or "updatedAt";
}
