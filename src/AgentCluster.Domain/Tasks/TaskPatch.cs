using System.Text.Json.Serialization;
using AgentCluster.Domain.References;

namespace AgentCluster.Domain.Tasks;

/// <summary>A change of a task. What is null stays as it is; what is cleared becomes nothing; a list is replaced as a whole.</summary>
public sealed record TaskPatch
{
    private const TaskFields Cold = TaskFields.Title | TaskFields.Description | TaskFields.AcceptanceCriteria | TaskFields.Files
        | TaskFields.Requirements | TaskFields.Metadata | TaskFields.Reviewer | TaskFields.RequiredEvidence | TaskFields.References
        | TaskFields.Deadline | TaskFields.EstimatedCost | TaskFields.WorkflowId | TaskFields.WorkflowSlug
        | TaskFields.WorkflowSource | TaskFields.ExecutionId;

    /// <summary>What becomes nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    [JsonConverter(typeof(JsonStringEnumConverter<TaskFields>))]
    public TaskFields Cleared { get; init; }

    /// <summary>See <see cref="TaskSpec.Title"/>.</summary>
    public string? Title { get; init; }

    /// <summary>See <see cref="TaskSpec.EpicId"/>.</summary>
    public EpicId? EpicId { get; init; }

    /// <summary>See <see cref="TaskSpec.Type"/>.</summary>
    public string? Type { get; init; }

    /// <summary>See <see cref="TaskSpec.Tags"/>.</summary>
    public ValueList<string>? Tags { get; init; }

    /// <summary>See <see cref="TaskSpec.Priority"/>.</summary>
    public Priority? Priority { get; init; }

    /// <summary>See <see cref="TaskSpec.RequiredCapabilities"/>.</summary>
    public ValueList<string>? RequiredCapabilities { get; init; }

    /// <summary>See <see cref="TaskSpec.ManualAssignment"/>.</summary>
    public bool? ManualAssignment { get; init; }

    /// <summary>See <see cref="TaskSpec.MaxAttempts"/>.</summary>
    public int? MaxAttempts { get; init; }

    /// <summary>See <see cref="TaskSpec.Assignee"/>.</summary>
    public string? Assignee { get; init; }

    /// <summary>See <see cref="TaskDetail.Description"/>.</summary>
    public string? Description { get; init; }

    /// <summary>See <see cref="TaskDetail.AcceptanceCriteria"/>.</summary>
    public ValueList<string>? AcceptanceCriteria { get; init; }

    /// <summary>See <see cref="TaskDetail.Files"/>.</summary>
    public ValueList<string>? Files { get; init; }

    /// <summary>See <see cref="TaskDetail.Requirements"/>.</summary>
    public RawJson? Requirements { get; init; }

    /// <summary>See <see cref="TaskDetail.Metadata"/>.</summary>
    public RawJson? Metadata { get; init; }

    /// <summary>See <see cref="TaskDetail.Reviewer"/>. A review that is pending goes to the new one.</summary>
    public AgentId? Reviewer { get; init; }

    /// <summary>See <see cref="TaskDetail.RequiredEvidence"/>.</summary>
    public ValueList<string>? RequiredEvidence { get; init; }

    /// <summary>See <see cref="TaskDetail.References"/>; those that title and description name are added.</summary>
    public ValueList<string>? References { get; init; }

    /// <summary>See <see cref="TaskDetail.Deadline"/>.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>See <see cref="TaskDetail.EstimatedCost"/>.</summary>
    public Cost? EstimatedCost { get; init; }

    /// <summary>See <see cref="TaskDetail.WorkflowId"/>.</summary>
    public string? WorkflowId { get; init; }

    /// <summary>See <see cref="TaskDetail.WorkflowSlug"/>.</summary>
    public string? WorkflowSlug { get; init; }

    /// <summary>See <see cref="TaskDetail.WorkflowSource"/>.</summary>
    public string? WorkflowSource { get; init; }

    /// <summary>See <see cref="TaskDetail.ExecutionId"/>.</summary>
    public string? ExecutionId { get; init; }

    /// <summary>A remark that is added; 1 to 4,000 characters.</summary>
    public string? Note { get; init; }

    /// <summary>The fields that it sets or clears; the note is none.</summary>
    [JsonIgnore]
    public TaskFields Fields => Cleared
        | Set(Title, TaskFields.Title) | Set(EpicId, TaskFields.EpicId) | Set(Type, TaskFields.Type) | Set(Tags, TaskFields.Tags)
        | Set(Priority, TaskFields.Priority) | Set(RequiredCapabilities, TaskFields.RequiredCapabilities)
        | Set(ManualAssignment, TaskFields.ManualAssignment) | Set(MaxAttempts, TaskFields.MaxAttempts)
        | Set(Assignee, TaskFields.Assignee) | Set(Description, TaskFields.Description)
        | Set(AcceptanceCriteria, TaskFields.AcceptanceCriteria) | Set(Files, TaskFields.Files)
        | Set(Requirements, TaskFields.Requirements) | Set(Metadata, TaskFields.Metadata) | Set(Reviewer, TaskFields.Reviewer)
        | Set(RequiredEvidence, TaskFields.RequiredEvidence) | Set(References, TaskFields.References)
        | Set(Deadline, TaskFields.Deadline) | Set(EstimatedCost, TaskFields.EstimatedCost)
        | Set(WorkflowId, TaskFields.WorkflowId) | Set(WorkflowSlug, TaskFields.WorkflowSlug)
        | Set(WorkflowSource, TaskFields.WorkflowSource) | Set(ExecutionId, TaskFields.ExecutionId);

    /// <summary>Whether it changes what lies in the task's detail; a title may hold references.</summary>
    [JsonIgnore]
    public bool TouchesDetail => Note is not null || (Fields & Cold) != TaskFields.None;

    /// <summary>A task as it is after the change, the note aside.</summary>
    /// <param name="spec">As it is before; with its detail when <see cref="TouchesDetail"/>.</param>
    public TaskSpec On(TaskSpec spec)
    {
        var patched = spec with
        {
            Title = Title ?? spec.Title,
            EpicId = Or(TaskFields.EpicId, EpicId, spec.EpicId),
            Type = Or(TaskFields.Type, Type, spec.Type),
            Tags = Tags ?? spec.Tags,
            Priority = Priority ?? spec.Priority,
            RequiredCapabilities = RequiredCapabilities ?? spec.RequiredCapabilities,
            ManualAssignment = ManualAssignment ?? spec.ManualAssignment,
            MaxAttempts = MaxAttempts ?? spec.MaxAttempts,
            Assignee = Or(TaskFields.Assignee, Assignee, spec.Assignee),
            Detail = TouchesDetail ? On(spec.Detail) : spec.Detail,
        };
        const TaskFields named = TaskFields.Title | TaskFields.Description | TaskFields.References;
        return (Fields & named) == TaskFields.None ? patched
            : References is null ? Referring.Again(spec, patched)
            : Referring.Mark(patched);
    }

    /// <summary>What is wrong with it, field by field.</summary>
    /// <param name="patch">As it came.</param>
    /// <param name="dependsOn">How many tasks the task is to depend on; at most 200.</param>
    public static ValueList<FieldError> Validate(TaskPatch patch, int dependsOn) =>
    [
        .. TaskSpec.Validate(patch.On(new TaskSpec { Title = "As it is" }), dependsOn),
        .. new Validation().Text("note", patch.Note, 1, Bounds.NoteLength).Errors,
    ];

    private TaskDetail On(TaskDetail detail) => detail with
    {
        Description = Or(TaskFields.Description, Description, detail.Description),
        AcceptanceCriteria = AcceptanceCriteria ?? detail.AcceptanceCriteria,
        Files = Files ?? detail.Files,
        Requirements = Or(TaskFields.Requirements, Requirements, detail.Requirements),
        Metadata = Or(TaskFields.Metadata, Metadata, detail.Metadata),
        Reviewer = Or(TaskFields.Reviewer, Reviewer, detail.Reviewer),
        RequiredEvidence = RequiredEvidence ?? detail.RequiredEvidence,
        References = References ?? detail.References,
        Deadline = Or(TaskFields.Deadline, Deadline, detail.Deadline),
        EstimatedCost = Or(TaskFields.EstimatedCost, EstimatedCost, detail.EstimatedCost),
        WorkflowId = Or(TaskFields.WorkflowId, WorkflowId, detail.WorkflowId),
        WorkflowSlug = Or(TaskFields.WorkflowSlug, WorkflowSlug, detail.WorkflowSlug),
        WorkflowSource = Or(TaskFields.WorkflowSource, WorkflowSource, detail.WorkflowSource),
        ExecutionId = Or(TaskFields.ExecutionId, ExecutionId, detail.ExecutionId),
    };

    private static TaskFields Set(object? value, TaskFields field) => value is null ? TaskFields.None : field;

    private T? Or<T>(TaskFields field, T? value, T? was)
        where T : class => Cleared.HasFlag(field) ? null : value ?? was;

    private T? Or<T>(TaskFields field, T? value, T? was)
        where T : struct => Cleared.HasFlag(field) ? null : value ?? was;
}
