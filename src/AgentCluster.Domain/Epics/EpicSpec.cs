using System.Text.Json.Serialization;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.Epics;

/// <summary>What an epic is, as people wrote it. Check it with <see cref="Validate"/> before it goes into a command.</summary>
public sealed record EpicSpec
{
    /// <summary>One line for people, 1 to 500 characters.</summary>
    public required string Title { get; init; }

    /// <summary>At most 64 Ki characters.</summary>
    public string? Description { get; init; }

    /// <summary>At most 200 of at most 128 characters.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string> Tags { get; init; }

    /// <summary>For people; tasks are handed out by their own. Default: P2.</summary>
    public Priority Priority { get; init; } = Priority.P2;

    /// <summary>What it may cost; null: no bound.</summary>
    public Budget? Budget { get; init; }

    /// <summary>Who created it, at most 128 characters.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>The workflow that it came from.</summary>
    public string? WorkflowId { get; init; }

    /// <summary>Whose profile it is worked on under, as the caller knows it.</summary>
    public string? UserProfileId { get; init; }

    /// <summary>What came of it; at most 64 Ki characters.</summary>
    public string? ResultSummary { get; init; }

    /// <summary>Free JSON; at most 64 Ki characters.</summary>
    public RawJson? Metadata { get; init; }

    /// <summary>What is wrong with it, field by field; empty when nothing is.</summary>
    /// <param name="spec">As it came.</param>
    public static ValueList<FieldError> Validate(EpicSpec spec)
    {
        var validation = new Validation()
            .Text("title", spec.Title, 1, Bounds.TitleLength)
            .Text("description", spec.Description, 0, Bounds.TextLength)
            .Lines("tags", spec.Tags, Bounds.NameLength)
            .Line("created_by", spec.CreatedBy, 1, Bounds.NameLength)
            .Line("workflow_id", spec.WorkflowId, 1, Bounds.NameLength)
            .Line("user_profile_id", spec.UserProfileId, 1, Bounds.NameLength)
            .Text("result_summary", spec.ResultSummary, 0, Bounds.TextLength)
            .Json("metadata", spec.Metadata);
        Budget.Validate(spec.Budget, validation);
        return validation.Errors;
    }
}
