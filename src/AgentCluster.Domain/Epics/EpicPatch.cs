using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.Epics;

/// <summary>Which fields of an epic change, and to what. What is null is left alone.</summary>
public sealed record EpicPatch
{
    /// <summary>1 to 500 characters.</summary>
    public string? Title { get; init; }

    /// <summary>Cancelled calls it off; as it stands changes nothing; others follow from its tasks and are refused.</summary>
    public EpicStatus? Status { get; init; }

    /// <summary>All of them, not those to add.</summary>
    public ValueList<string>? Tags { get; init; }

    /// <summary>For people.</summary>
    public Priority? Priority { get; init; }

    /// <summary>At most 64 Ki characters.</summary>
    public Change<string>? Description { get; init; }

    /// <summary>Both bounds: one that is not said is lifted.</summary>
    public Change<Budget>? Budget { get; init; }

    /// <summary>At most 128 characters.</summary>
    public Change<string>? WorkflowId { get; init; }

    /// <summary>At most 128 characters.</summary>
    public Change<string>? UserProfileId { get; init; }

    /// <summary>At most 64 Ki characters.</summary>
    public Change<string>? ResultSummary { get; init; }

    /// <summary>Free JSON, as a whole.</summary>
    public Change<RawJson?>? Metadata { get; init; }

    /// <summary>What is wrong with the fields that it names; empty when nothing is.</summary>
    /// <param name="patch">As it came.</param>
    public static ValueList<FieldError> Validate(EpicPatch patch) => EpicSpec.Validate(patch.On(new() { Title = "any" }));

    internal EpicSpec On(EpicSpec spec) => spec with
    {
        Title = Title ?? spec.Title,
        Tags = Tags ?? spec.Tags,
        Priority = Priority ?? spec.Priority,
        Description = Description is { } description ? description.Value : spec.Description,
        Budget = Budget is { } budget ? budget.Value : spec.Budget,
        WorkflowId = WorkflowId is { } workflow ? workflow.Value : spec.WorkflowId,
        UserProfileId = UserProfileId is { } profile ? profile.Value : spec.UserProfileId,
        ResultSummary = ResultSummary is { } result ? result.Value : spec.ResultSummary,
        Metadata = Metadata is { } metadata ? metadata.Value : spec.Metadata,
    };
}
