using System.Text.Json;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.Import;

/// <summary>
/// Reads a task or an epic of another cluster: what <c>GET</c> answers for one, and <c>"kind":"epic"</c> on epics.
/// </summary>
/// <remarks>
/// A task that runs there waits here for a person, <c>input_required</c>: two clusters must not both hand it out. What its
/// run has left behind (result, evidence, cost, attempts), and every field that is unknown here, is kept in the metadata
/// under <c>agentcluster</c>. An epic that is here already is left as it is; where it stands, its tasks say.
/// </remarks>
/// <param name="project">The project that the rows go to.</param>
/// <param name="now">UTC; for rows that do not say when they were created.</param>
internal sealed class ClusterLine(string project, DateTimeOffset now) : IRowSource
{
    public string Name => "agentcluster";

    public int MostBytes => ImportRun.LineLength;

    public ElementRows Read(ReadOnlySpan<byte> element, string? list)
    {
        var hash = RowJson.Hash(element);
        return RowJson.Read(element, row => RowJson.Text(row, "kind") switch
        {
            null or "task" => new ElementRows(Task(row, hash)),
            "epic" => new([], [], Epic(row)),
            var other => throw new FormatException($"Expected kind task or epic, found '{other}'."),
        });
    }

    private TaskId TaskOf(string id) => new(Ulid.Derived(project, Name, id));

    private EpicId EpicOf(string id) => new(Ulid.Derived(project, Name, id, "epic"));

    private SourceRow Task(JsonElement row, long hash)
    {
        var id = RowJson.Name(RowJson.Text(row, "id"));
        string[] dependsOn = [.. RowJson.Texts(row, "depends_on").Select(RowJson.Name)];
        var spec = RowJson.Checked(
            new()
            {
                Title = RowJson.Text(row, "title") ?? throw new FormatException("Expected a title, found none."),
                Type = RowJson.Text(row, "type"),
                Tags = RowJson.Texts(row, "tags").ToValueList(),
                Priority = PriorityOf(row),
                RequiredCapabilities = RowJson.Texts(row, "required_capabilities").ToValueList(),
                ManualAssignment = row.TryGetProperty("manual_assignment", out var manual) && manual.ValueKind == JsonValueKind.True,
                MaxAttempts = (int)Math.Clamp(RowJson.Whole(row, "max_attempts") ?? 3, int.MinValue, int.MaxValue),
                Assignee = RowJson.Text(row, "assignee"),
                Detail = ClusterDetail.Of(row),
            },
            dependsOn.Length);
        var created = RowJson.Moment(row, "created_at") ?? now;
        return new(
            dependsOn,
            new(
                TaskOf(id),
                id,
                hash,
                spec,
                StatusOf(row),
                dependsOn.Select(TaskOf).ToValueList(),
                RowJson.Text(row, "epic_id") is { } epic ? EpicOf(RowJson.Name(epic)) : null,
                Epic: null,
                created,
                RowJson.Moment(row, "updated_at") ?? created));
    }

    private ImportedEpic Epic(JsonElement row)
    {
        EpicSpec spec = new()
        {
            Title = RowJson.Text(row, "title") ?? throw new FormatException("Expected a title, found none."),
            Description = RowJson.Text(row, "description"),
            Tags = RowJson.Texts(row, "tags").ToValueList(),
            Priority = PriorityOf(row),
            Budget = row.TryGetProperty("budget", out var budget) && budget.ValueKind == JsonValueKind.Object
                ? new(RowJson.Whole(budget, "tokens"), RowJson.Amount(budget, "usd"))
                : null,
            CreatedBy = RowJson.Text(row, "created_by"),
            WorkflowId = RowJson.Text(row, "workflow_id"),
            UserProfileId = RowJson.Text(row, "user_profile_id"),
            ResultSummary = RowJson.Text(row, "result_summary"),
            Metadata = RowJson.Free(row, "metadata"),
        };
        return EpicSpec.Validate(spec) is { IsEmpty: false } errors
            ? throw new FormatException(string.Join(" ", errors.Select(error => $"{error.Field}: {error.Message}")))
            : new(
                EpicOf(RowJson.Name(RowJson.Text(row, "id"))),
                spec,
                RowJson.Text(row, "status") == "cancelled",
                RowJson.Moment(row, "created_at") ?? now);
    }

    private static WorkStatus StatusOf(JsonElement row) =>
        !WorkStatuses.TryParse(RowJson.Text(row, "status") ?? "pending", out var status)
            ? throw new FormatException($"Expected a task's status, found '{RowJson.Text(row, "status")}'.")
        : status switch
        {
            WorkStatus.Blocked => WorkStatus.Pending,
            WorkStatus.Running => WorkStatus.InputRequired,
            _ => status,
        };

    private static Priority PriorityOf(JsonElement row) =>
        Priorities.TryParse(RowJson.Text(row, "priority") ?? "P2", out var priority)
            ? priority
            : throw new FormatException($"Expected a priority P0 to P4, found '{RowJson.Text(row, "priority")}'.");
}
