using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Tasks;

/// <summary>What a task is, as its creator wrote it. Check it with <see cref="Validate"/> before it goes into a command.</summary>
public sealed record TaskSpec
{
    /// <summary>One line for people, 1 to 500 characters.</summary>
    public required string Title { get; init; }

    /// <summary>The epic it belongs to; null for none.</summary>
    public EpicId? EpicId { get; init; }

    /// <summary>A word of the project's own, for example <c>bug</c>; at most 128 characters.</summary>
    public string? Type { get; init; }

    /// <summary>At most 200 of at most 128 characters.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string> Tags { get; init; }

    /// <summary>Default: P2.</summary>
    public Priority Priority { get; init; } = Priority.P2;

    /// <summary>What an agent must have to claim it; at most 200 of at most 128 characters.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string> RequiredCapabilities { get; init; }

    /// <summary>Whether claim-next never hands it out; a claim by id still works. Default: false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool ManualAssignment { get; init; }

    /// <summary>How many claims may end without completion before it has failed; 1 to 100, default 3.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>Who it is meant for or was with, as another tracker said; a claim counts, this does not.</summary>
    public string? Assignee { get; init; }

    /// <summary>What nobody needs until they work on it.</summary>
    public TaskDetail Detail { get; init; } = TaskDetail.None;

    /// <summary>What is wrong with it, field by field; empty when nothing is.</summary>
    /// <param name="spec">As it came.</param>
    /// <param name="dependsOn">How many tasks it depends on; at most 200.</param>
    public static ValueList<FieldError> Validate(TaskSpec spec, int dependsOn)
    {
        var validation = new Validation()
            .Text("title", spec.Title, 1, Bounds.TitleLength)
            .Require(
                spec.EpicId is not { } epic || Ulid.IsValid(epic.Value),
                "epic_id",
                $"Expected a ULID, found '{spec.EpicId}'.")
            .Line("type", spec.Type, 1, Bounds.NameLength)
            .Lines("tags", spec.Tags, Bounds.NameLength)
            .Lines("required_capabilities", spec.RequiredCapabilities, Bounds.NameLength)
            .Range("max_attempts", spec.MaxAttempts, 1, Bounds.MaxAttempts)
            .Line("assignee", spec.Assignee, 1, Bounds.NameLength)
            .List("depends_on", dependsOn);
        TaskDetail.Validate(spec.Detail, validation);
        return validation.Errors;
    }
}
