using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.Import;

/// <summary>
/// Reads one line of a beads issue export (<c>issues.jsonl</c>): a JSON object. Only dependencies of type <c>blocks</c> gate;
/// <c>parent-child</c> names an epic; fields that have no place here are kept in the metadata.
/// </summary>
/// <param name="project">The project that the rows go to.</param>
/// <param name="now">UTC; for rows that do not say when they were created.</param>
internal sealed class BeadsLine(string project, DateTimeOffset now)
{
    public const string Source = "beads";

    /// <summary>Reads a line.</summary>
    /// <param name="line">UTF-8, without its line end.</param>
    /// <exception cref="FormatException">It is not a row that can be taken; the message says why.</exception>
    public BeadsRow Read(ReadOnlySpan<byte> line)
    {
        try
        {
            using var json = JsonDocument.Parse(line.ToArray());
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? Row(json.RootElement, line)
                : throw new FormatException($"Expected a JSON object, found {json.RootElement.ValueKind}.");
        }
        catch (JsonException error)
        {
            throw new FormatException($"Expected a JSON object; {error.Message}", error);
        }
        catch (InvalidOperationException error) // how a string that is no valid Unicode announces itself
        {
            throw new FormatException("Expected valid Unicode text, found a lone surrogate.", error);
        }
    }

    public TaskId TaskOf(string id) => new(Ulid.Derived(project, Source, id));

    private EpicId EpicOf(string id) => new(Ulid.Derived(project, Source, id, "epic"));

    private BeadsRow Row(JsonElement row, ReadOnlySpan<byte> line)
    {
        var id = Text(row, "id") ?? throw new FormatException("Expected an id, found none.");
        if (!Storable.IsName(id))
        {
            throw new FormatException($"Expected an id of 1 to {Bounds.NameLength} characters without control characters.");
        }

        var links = Links(row, id);
        var type = Text(row, "issue_type");
        TaskSpec spec = new()
        {
            Title = Text(row, "title") ?? throw new FormatException("Expected a title, found none."),
            Type = type,
            Tags = Tags(row),
            Priority = PriorityOf(row),
            Assignee = Text(row, "assignee") is { Length: > 0 } assignee ? assignee : null,
            Detail = new()
            {
                Description = Text(row, "description"),
                AcceptanceCriteria = Text(row, "acceptance_criteria") is { Length: > 0 } criteria ? [criteria] : [],
                Metadata = Rest(row, links),
            },
        };
        string[] blocks = [.. links.Where(link => link.Type == "blocks").Select(link => link.On).Distinct(StringComparer.Ordinal)];
        if (TaskSpec.Validate(spec, blocks.Length) is { IsEmpty: false } errors)
        {
            throw new FormatException(string.Join(" ", errors.Select(error => $"{error.Field}: {error.Message}")));
        }

        var parent = links.FirstOrDefault(link => link.Type == "parent-child").On;
        var created = Moment(row, "created_at") ?? now;
        return new(
            blocks,
            new(
                TaskOf(id),
                id,
                BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(line)),
                spec,
                StatusOf(row),
                blocks.Select(TaskOf).ToValueList(),
                parent is null ? null : EpicOf(parent),
                type == "epic" ? EpicOf(id) : null,
                created,
                Moment(row, "updated_at") ?? created));
    }

    private static WorkStatus StatusOf(JsonElement row) => Text(row, "status") switch
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

    private static ValueList<string> Tags(JsonElement row) =>
        Items(row, "labels")
            .Select(label => label.ValueKind == JsonValueKind.String
                ? label.GetString()!
                : throw new FormatException($"Expected labels to be texts, found {label.ValueKind}."))
            .Distinct(StringComparer.Ordinal)
            .ToValueList();

    private static List<(string Type, string On)> Links(JsonElement row, string id)
    {
        List<(string, string)> links = [];
        foreach (var link in Items(row, "dependencies"))
        {
            if (link.ValueKind != JsonValueKind.Object
                || Text(link, "type") is not { } type
                || Text(link, "depends_on_id") is not { } on
                || !Storable.IsName(on))
            {
                throw new FormatException("Expected dependencies to have a type and a depends_on_id.");
            }

            if (Text(link, "issue_id") is { } dependant && dependant != id)
            {
                throw new FormatException($"Expected dependencies of '{id}', found one of '{dependant}'.");
            }

            links.Add((type, on));
        }

        return links;
    }

    /// <summary>What has no place of its own: unknown fields, and the links if one of them does not gate.</summary>
    private static RawJson? Rest(JsonElement row, List<(string Type, string On)> links)
    {
        ArrayBufferWriter<byte> buffer = new();
        var isEmpty = true;
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            foreach (var field in row.EnumerateObject())
            {
                if (!IsPlaced(field.Name) || (field.Name == "dependencies" && links.Any(link => link.Type != "blocks")))
                {
                    field.WriteTo(json);
                    isEmpty = false;
                }
            }

            json.WriteEndObject();
        }

        return isEmpty ? null : new(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    private static bool IsPlaced(string field) => field is "id" or "title" or "description" or "status" or "priority"
        or "issue_type" or "assignee" or "labels" or "acceptance_criteria" or "created_at" or "updated_at" or "dependencies";

    private static JsonElement.ArrayEnumerator Items(JsonElement row, string field) =>
        !row.TryGetProperty(field, out var list) || list.ValueKind == JsonValueKind.Null ? default
        : list.ValueKind == JsonValueKind.Array ? list.EnumerateArray()
        : throw new FormatException($"Expected {field} to be a list, found {list.ValueKind}.");

    private static string? Text(JsonElement row, string field) =>
        !row.TryGetProperty(field, out var text) || text.ValueKind == JsonValueKind.Null ? null
        : text.ValueKind == JsonValueKind.String ? text.GetString()
        : throw new FormatException($"Expected {field} to be text, found {text.ValueKind}.");

    private static DateTimeOffset? Moment(JsonElement row, string field) =>
        Text(row, field) is not { } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var moment)
            ? moment.ToUniversalTime()
        : throw new FormatException($"Expected {field} to be a time with an offset, found '{text}'.");
}

/// <summary>A row, and the source's own names for what it depends on.</summary>
/// <param name="Blocks">In the order of its dependencies.</param>
/// <param name="Row">As a registry takes it.</param>
internal sealed record BeadsRow(IReadOnlyList<string> Blocks, ImportedRow Row);
