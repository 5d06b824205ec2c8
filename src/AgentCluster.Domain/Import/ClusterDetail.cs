using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.Import;

/// <summary>What a task of another cluster says to whoever works on it.</summary>
internal static class ClusterDetail
{
    /// <param name="row">The task, as <c>GET</c> answers it.</param>
    /// <exception cref="FormatException">A field is not as expected.</exception>
    public static TaskDetail Of(JsonElement row) => new()
    {
        Description = RowJson.Text(row, "description"),
        AcceptanceCriteria = RowJson.Texts(row, "acceptance_criteria").ToValueList(),
        Files = RowJson.Texts(row, "files").ToValueList(),
        Requirements = RowJson.Free(row, "requirements"),
        Metadata = Metadata(row),
        Reviewer = RowJson.Text(row, "reviewer") is { } reviewer ? new(reviewer) : null,
        RequiredEvidence = RowJson.Texts(row, "required_evidence").ToValueList(),
        References = RowJson.Texts(row, "references").ToValueList(),
        Notes = RowJson.Items(row, "notes").Select(NoteOf).ToValueList(),
        Deadline = RowJson.Moment(row, "deadline"),
        EstimatedCost = row.TryGetProperty("estimated_cost", out var cost) && cost.ValueKind == JsonValueKind.Object ? CostOf(cost) : null,
        WorkflowId = RowJson.Text(row, "workflow_id"),
        WorkflowSlug = RowJson.Text(row, "workflow_slug"),
        WorkflowSource = RowJson.Text(row, "workflow_source"),
        ExecutionId = RowJson.Text(row, "execution_id"),
    };

    private static RawJson? Metadata(JsonElement row)
    {
        var own = RowJson.Free(row, "metadata");
        if (RowJson.Rest(row, HasPlace) is not { } rest)
        {
            return own;
        }

        var both = own is { } kept ? JsonNode.Parse(kept.Text) as JsonObject ?? throw new FormatException("Expected metadata to be an object.") : [];
        both["agentcluster"] = JsonNode.Parse(rest.Text);
        return new(both.ToJsonString());
    }

    private static Note NoteOf(JsonElement note) => note.ValueKind != JsonValueKind.Object
        ? throw new FormatException($"Expected notes to be objects, found {note.ValueKind}.")
        : new(
            RowJson.Moment(note, "at") ?? throw new FormatException("Expected a note's time, found none."),
            RowJson.Text(note, "by") is { } by ? new(by) : null,
            RowJson.Text(note, "text") ?? throw new FormatException("Expected a note's text, found none."));

    private static Cost CostOf(JsonElement cost) => Cost.None with
    {
        ActualTokens = RowJson.Whole(cost, "actual_tokens") ?? 0,
        ActualUsd = RowJson.Amount(cost, "actual_usd") ?? 0,
        DurationMs = RowJson.Whole(cost, "duration_ms") ?? 0,
        LlmCalls = RowJson.Whole(cost, "llm_calls") ?? 0,
        ToolInvocations = RowJson.Whole(cost, "tool_invocations") ?? 0,
    };

    /// <summary>Fields that are taken over, and those that mean nothing in another cluster.</summary>
    private static bool HasPlace(string field) => field is "id" or "kind" or "project" or "epic_id" or "title" or "type" or "tags"
        or "status" or "display_status" or "priority" or "required_capabilities" or "depends_on" or "manual_assignment" or "max_attempts"
        or "assignee" or "description" or "acceptance_criteria" or "files" or "requirements" or "metadata" or "reviewer" or "required_evidence"
        or "references" or "notes" or "deadline" or "estimated_cost" or "workflow_id" or "workflow_slug" or "workflow_source" or "execution_id"
        or "claim" or "version" or "created_at" or "updated_at";
}
