using System.Text.Json;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.Import;

/// <summary>
/// Reads one row of a beads issue export (<c>issues.jsonl</c>): a JSON object. Only dependencies of type <c>blocks</c> gate;
/// <c>parent-child</c> names an epic; fields that have no place here are kept in the metadata.
/// </summary>
/// <param name="project">The project that the rows go to.</param>
/// <param name="now">UTC; for rows that do not say when they were created.</param>
internal sealed class BeadsLine(string project, DateTimeOffset now) : IRowSource
{
    public string Name => "beads";

    public int MostBytes => ImportRun.LineLength;

    public ElementRows Read(ReadOnlySpan<byte> element, string? list)
    {
        var hash = RowJson.Hash(element);
        return new(RowJson.Read(element, row => Row(row, hash)));
    }

    private TaskId TaskOf(string id) => new(Ulid.Derived(project, Name, id));

    private EpicId EpicOf(string id) => new(Ulid.Derived(project, Name, id, "epic"));

    private SourceRow Row(JsonElement row, long hash)
    {
        var id = RowJson.Name(RowJson.Text(row, "id"));
        var links = Links(row, id);
        var type = RowJson.Text(row, "issue_type");
        string[] blocks = [.. links.Where(link => link.Type == "blocks").Select(link => link.On).Distinct(StringComparer.Ordinal)];
        var spec = RowJson.Checked(
            new()
            {
                Title = RowJson.Text(row, "title") ?? throw new FormatException("Expected a title, found none."),
                Type = type,
                Tags = RowJson.Texts(row, "labels").ToValueList(),
                Priority = PriorityOf(row),
                Assignee = RowJson.Text(row, "assignee") is { Length: > 0 } assignee ? assignee : null,
                Detail = new()
                {
                    Description = RowJson.Text(row, "description"),
                    AcceptanceCriteria = RowJson.Text(row, "acceptance_criteria") is { Length: > 0 } criteria ? [criteria] : [],
                    Metadata = RowJson.Rest(row, field => HasPlace(field, links)),
                },
            },
            blocks.Length);
        var parent = links.FirstOrDefault(link => link.Type == "parent-child").On;
        var created = RowJson.Moment(row, "created_at") ?? now;
        return new(
            blocks,
            new(
                TaskOf(id),
                id,
                hash,
                spec,
                StatusOf(row),
                blocks.Select(TaskOf).ToValueList(),
                parent is null ? null : EpicOf(parent),
                type == "epic" ? EpicOf(id) : null,
                created,
                RowJson.Moment(row, "updated_at") ?? created));
    }

    private static WorkStatus StatusOf(JsonElement row) => RowJson.Text(row, "status") switch
    {
        "open" => WorkStatus.Pending,
        "hooked" or "in_progress" => WorkStatus.InputRequired,
        "closed" => WorkStatus.Completed,
        "tombstone" => WorkStatus.Deleted,
        var other => throw new FormatException(
            $"Expected status open, hooked, in_progress, closed or tombstone, found '{other}'."),
    };

    private static Priority PriorityOf(JsonElement row) =>
        !row.TryGetProperty("priority", out var priority) || priority.ValueKind == JsonValueKind.Null ? Priority.P2
        : priority.ValueKind == JsonValueKind.Number && priority.TryGetInt32(out var level) && level is >= 0 and <= 4 ? (Priority)level
        : throw new FormatException($"Expected a priority of 0 to 4, found {priority}.");

    private static List<(string Type, string On)> Links(JsonElement row, string id)
    {
        List<(string, string)> links = [];
        foreach (var link in RowJson.Items(row, "dependencies"))
        {
            if (link.ValueKind != JsonValueKind.Object
                || RowJson.Text(link, "type") is not { } type
                || RowJson.Text(link, "depends_on_id") is not { } on
                || !Storable.IsName(on))
            {
                throw new FormatException("Expected dependencies to have a type and a depends_on_id.");
            }

            if (RowJson.Text(link, "issue_id") is { } dependant && dependant != id)
            {
                throw new FormatException($"Expected dependencies of '{id}', found one of '{dependant}'.");
            }

            links.Add((type, on));
        }

        return links;
    }

    /// <summary>The links are kept as they are too if one of them does not gate.</summary>
    private static bool HasPlace(string field, List<(string Type, string On)> links) => field is "id" or "title" or "description"
        or "status" or "priority" or "issue_type" or "assignee" or "labels" or "acceptance_criteria" or "created_at" or "updated_at"
        || (field is "dependencies" && links.TrueForAll(link => link.Type == "blocks"));
}
