using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Tasks;

/// <summary>A task as it is shown.</summary>
public sealed record TaskView
{
    /// <summary>Its id.</summary>
    public required TaskId Id { get; init; }

    /// <summary>The project whose registry is its home.</summary>
    public required string Project { get; init; }

    /// <summary>What its creator wrote. <see cref="TaskSpec.Detail"/> is filled by <see cref="Queries.TaskQueries"/>, not by the registry.</summary>
    public required TaskSpec Spec { get; init; }

    /// <summary>Whether there is a detail to fill in.</summary>
    public bool HasDetail { get; init; }

    /// <summary>Where it stands; <see cref="WorkStatus.Blocked"/> is derived from its dependencies.</summary>
    public required WorkStatus Status { get; init; }

    /// <summary>What it depends on.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<Dependency> DependsOn { get; init; }

    /// <summary>How many claims ended without completion or cancel.</summary>
    public required int Attempt { get; init; }

    /// <summary>As the holder last reported, 0 to 100.</summary>
    public int? Percent { get; init; }

    /// <summary>Who holds it; null when nobody does.</summary>
    public ClaimView? Claim { get; init; }

    /// <summary>Who holds it, or else last did, or else is named by the tracker it came from.</summary>
    public string? Assignee { get; init; }

    /// <summary>What it has cost so far.</summary>
    public Cost Cost { get; init; } = Cost.None;

    /// <summary>What its completion brought; null before.</summary>
    public Outcome? Outcome { get; init; }

    /// <summary>Why it was last released, failed or cancelled; null when it was not, or nobody said.</summary>
    public string? Reason { get; init; }

    /// <summary>The last question to a human, and its answer; null when there was none.</summary>
    public Inquiry? Inquiry { get; init; }

    /// <summary>The last review; null when there was none.</summary>
    public Review? Review { get; init; }

    /// <summary>Who gets notices of it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<AgentId> Watchers { get; init; }

    /// <summary>Where it came from; null when it was created here.</summary>
    public SourceRef? Source { get; init; }

    /// <summary>Grows with each change.</summary>
    public required long Version { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The <c>display_status</c>.</summary>
    [JsonIgnore]
    public string DisplayStatus => Status.Display();
}

/// <summary>The sole right to work on a task, as it is shown.</summary>
/// <param name="Agent">For people; the right itself is the token.</param>
/// <param name="Token">What every write of the holder carries.</param>
/// <param name="LeaseExpiresAt">UTC, for display: unless there is a sign of life, the claim ends then or a little later.</param>
/// <param name="LeaseSeconds">How long the lease lasts after each sign.</param>
/// <param name="IsPaused">Whether the lease waits, for an answer or a review: then nothing ends at <paramref name="LeaseExpiresAt"/>.</param>
public sealed record ClaimView(
    AgentId Agent,
    FencingToken Token,
    DateTimeOffset LeaseExpiresAt,
    int LeaseSeconds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsPaused = false);

/// <summary>What a completion brought.</summary>
/// <param name="CompletedAt">UTC.</param>
/// <param name="ResultSummary">At most 64 Ki characters.</param>
/// <param name="Evidence">What it shows for itself.</param>
/// <param name="Criteria">The acceptance criteria, one by one.</param>
/// <param name="AcceptedBy">The reviewer who accepted it; null where none was asked for.</param>
public sealed record Outcome(
    DateTimeOffset CompletedAt,
    string? ResultSummary = null,
    Evidence? Evidence = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ValueList<CriterionAnswer> Criteria = default,
    AgentId? AcceptedBy = null)
{
    /// <summary>What is wrong with a completion, field by field.</summary>
    /// <param name="resultSummary">As it came.</param>
    /// <param name="evidence">As it came.</param>
    /// <param name="criteria">As they came.</param>
    public static ValueList<FieldError> Validate(
        string? resultSummary, Evidence? evidence, ValueList<CriterionAnswer> criteria)
    {
        var validation = new Validation()
            .Text("result_summary", resultSummary, 0, Bounds.TextLength)
            .List("criteria", criteria.Count);
        for (var i = 0; i < criteria.Count; i++)
        {
            validation
                .Range($"criteria[{i}].index", criteria[i].Index, 0, Bounds.ListLength - 1)
                .Text($"criteria[{i}].note", criteria[i].Note, 0, Bounds.NoteLength);
        }

        return [.. validation.Errors, .. Evidence.Validate(evidence)];
    }
}

/// <summary>The identity of a thing that was imported.</summary>
/// <param name="Name">The source, for example <c>beads</c>.</param>
/// <param name="Id">Its id there.</param>
public sealed record SourceRef(string Name, string Id);
