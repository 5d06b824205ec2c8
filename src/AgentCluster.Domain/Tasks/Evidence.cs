using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Tasks;

/// <summary>What a completion shows for itself.</summary>
public sealed record Evidence
{
    /// <summary>Files that matter, at most 200.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string> Files { get; init; }

    /// <summary>Files that are new, at most 200.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string> FilesCreated { get; init; }

    /// <summary>Files that were changed, at most 200.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string> FilesModified { get; init; }

    /// <summary>Milliseconds of work; at least 0.</summary>
    public long? DurationMs { get; init; }

    /// <summary>Hours of work; at least 0.</summary>
    public decimal? Hours { get; init; }

    /// <summary>In a few words; at most 4,000 characters.</summary>
    public string? Summary { get; init; }

    /// <summary>Commits, at most 200.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string> Commits { get; init; }

    /// <summary>Whatever else there is to show, as free JSON; at most 64 Ki characters.</summary>
    public RawJson? Metadata { get; init; }

    /// <summary>Whether evidence of a name was brought: as a field of that name, or else in the metadata.</summary>
    /// <param name="name">As the task requires it.</param>
    public bool Holds(string name) => name switch
    {
        "files" => !Files.IsEmpty,
        "files_created" => !FilesCreated.IsEmpty,
        "files_modified" => !FilesModified.IsEmpty,
        "duration_ms" => DurationMs is not null,
        "hours" => Hours is not null,
        "duration" => DurationMs is not null || Hours is not null,
        "summary" => !string.IsNullOrWhiteSpace(Summary),
        "commits" => !Commits.IsEmpty,
        _ => false,
    } || InMetadata(name);

    /// <summary>What is wrong with it, field by field; null is fine.</summary>
    /// <param name="evidence">As it came.</param>
    public static ValueList<FieldError> Validate(Evidence? evidence) => evidence is null
        ? []
        : new Validation()
            .Texts("evidence.files", evidence.Files)
            .Texts("evidence.files_created", evidence.FilesCreated)
            .Texts("evidence.files_modified", evidence.FilesModified)
            .Range("evidence.duration_ms", evidence.DurationMs ?? 0, 0, Bounds.CostAmount)
            .Require(evidence.Hours is null or (>= 0 and <= 1_000_000), "evidence.hours", "Expected 0 to 1000000.")
            .Text("evidence.summary", evidence.Summary, 0, Bounds.NoteLength)
            .Texts("evidence.commits", evidence.Commits)
            .Json("evidence.metadata", evidence.Metadata)
            .Errors;

    private bool InMetadata(string name)
    {
        if (Metadata is not { } metadata)
        {
            return false;
        }

        using var json = JsonDocument.Parse(metadata.Text);
        return json.RootElement.ValueKind == JsonValueKind.Object
            && json.RootElement.TryGetProperty(name, out var found)
            && found.ValueKind != JsonValueKind.Null;
    }
}

/// <summary>Whether one acceptance criterion was met.</summary>
/// <param name="Index">Its place in the task's list, from 0.</param>
/// <param name="Met">Whether it was.</param>
/// <param name="Note">Why, or how; at most 4,000 characters.</param>
public sealed record CriterionAnswer(int Index, bool Met, string? Note = null);
