using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Tasks;

/// <summary>The part of a task that is read when somebody works on it, and that no claim rewrites. Kept in a row of its own.</summary>
public sealed record TaskDetail
{
    /// <summary>Nothing.</summary>
    public static TaskDetail None { get; } = new();

    /// <summary>At most 64 Ki characters.</summary>
    public string? Description { get; init; }

    /// <summary>What must be true when it is done; at most 200 of at most 4,000 characters.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string> AcceptanceCriteria { get; init; }

    /// <summary>Paths or globs that it expects to touch; at most 200.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string> Files { get; init; }

    /// <summary>Free JSON; at most 64 Ki characters.</summary>
    public RawJson? Requirements { get; init; }

    /// <summary>Free JSON; at most 64 Ki characters. Unknown fields of an import are kept here.</summary>
    public RawJson? Metadata { get; init; }

    /// <summary>The agent that must accept its completion.</summary>
    public AgentId? Reviewer { get; init; }

    /// <summary>Which evidence its completion must bring; at most 200 names.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string> RequiredEvidence { get; init; }

    /// <summary>Links and ids elsewhere; at most 200.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string> References { get; init; }

    /// <summary>What was noted on the way, oldest first; the last 200 are kept here, all are in the history.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<Note> Notes { get; init; }

    /// <summary>UTC; shown, and nothing ends by it.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>What its creator thinks it will cost.</summary>
    public Cost? EstimatedCost { get; init; }

    /// <summary>The workflow that it came from.</summary>
    public string? WorkflowId { get; init; }

    /// <summary>The workflow's short name.</summary>
    public string? WorkflowSlug { get; init; }

    /// <summary>Where the workflow came from.</summary>
    public string? WorkflowSource { get; init; }

    /// <summary>The run that it belongs to, as the caller knows it.</summary>
    public string? ExecutionId { get; init; }

    /// <summary>With one more remark; the oldest gives way.</summary>
    internal TaskDetail Noting(Note note) => this with
    {
        Notes = (Notes.Count < Bounds.ListLength ? Notes : ValueList.Of(Notes.AsSpan()[1..])).With(note),
    };

    internal static void Validate(TaskDetail detail, Validation validation)
    {
        validation
            .Text("description", detail.Description, 0, Bounds.TextLength)
            .Texts("acceptance_criteria", detail.AcceptanceCriteria)
            .Texts("files", detail.Files)
            .Json("requirements", detail.Requirements)
            .Json("metadata", detail.Metadata)
            .Line("reviewer", detail.Reviewer?.Value, 1, Bounds.NameLength)
            .Lines("required_evidence", detail.RequiredEvidence, Bounds.NameLength)
            .Texts("references", detail.References)
            .Line("workflow_id", detail.WorkflowId, 1, Bounds.NameLength)
            .Line("workflow_slug", detail.WorkflowSlug, 1, Bounds.NameLength)
            .Line("workflow_source", detail.WorkflowSource, 1, Bounds.TitleLength)
            .Line("execution_id", detail.ExecutionId, 1, Bounds.NameLength)
            .List("notes", detail.Notes.Count);
        foreach (var note in detail.Notes)
        {
            validation.Text("notes", note.Text, 1, Bounds.NoteLength);
        }
    }
}

/// <summary>A remark about a task.</summary>
/// <param name="At">UTC.</param>
/// <param name="By">Who made it; null when that is not known.</param>
/// <param name="Text">1 to 4,000 characters.</param>
public sealed record Note(
    DateTimeOffset At, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] AgentId? By, string Text);
