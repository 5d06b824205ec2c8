using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Bridge.Tasks;

/// <summary>Changes of a task by hand.</summary>
internal static class Editing
{
    /// <summary>Changes some fields of the task that the path names.</summary>
    public static Operation<PatchRequest> Edit(TaskCalls tasks) => new(
        "task_edit",
        Scope.TasksWrite,
        "Changes some fields of a task; null empties a field",
        PatchRequest.Shape,
        Answers.Ok(TaskBody.Schema).Tagged().Or(
            ProblemKind.NotFound, ProblemKind.DependencyCycle, ProblemKind.InvalidTransition, ProblemKind.VersionMismatch),
        async (request, call) =>
    {
        if (TaskPatch.Validate(request.Patch, request.DependsOn?.Count ?? 0) is { IsEmpty: false } errors)
        {
            return Problem.Invalid(errors);
        }

        return await tasks.AskHomeAsync(
            call,
            task => new TaskRegistryCommand.EditTask(
                task, request.Patch, request.DependsOn, call.IfMatch, call.Caller is { } agent ? new AgentId(agent) : null),
            call.Id(null),
            tasks.AnswerAsync);
    });
}

/// <summary>What is to change. What is left out stays; null empties what may be empty; a list is replaced as a whole.</summary>
internal sealed class PatchRequest
{
    public static Shape<PatchRequest> Shape { get; } = new Shape<PatchRequest>().Also(Identity).Also(Detail).Also(Workflow)
        .Text("note", Bounds.NoteLength, (request, value) => request.Patch = request.Patch with { Note = value });

    public TaskPatch Patch { get; private set; } = new();

    /// <summary>What the task is to depend on; null leaves it.</summary>
    public ValueList<TaskId>? DependsOn { get; private set; }

    private static Shape<PatchRequest> Identity(Shape<PatchRequest> shape) => shape
        .Text("title", Bounds.TitleLength, (request, value) => request.Patch = request.Patch with { Title = value })
        .Text("epic_id", Ulid.Length, (request, value) => request.Patch = request.Patch with { EpicId = new(value) }, form: Forms.Id).OrNull(request => request.Clear(TaskFields.EpicId))
        .Text("type", Bounds.NameLength, (request, value) => request.Patch = request.Patch with { Type = value }, form: Forms.Name).OrNull(request => request.Clear(TaskFields.Type))
        .Texts("tags", Bounds.ListLength, Bounds.NameLength, (request, value) => request.Patch = request.Patch with { Tags = value.ToValueList() }, Forms.Name)
            .OrNull(request => request.Patch = request.Patch with { Tags = [] })
        .Text("priority", 24, (request, value) => request.Patch = request.Patch with { Priority = DraftRequest.PriorityOf(value) }, form: Forms.Urgency)
        .Texts("required_capabilities", Bounds.ListLength, Bounds.NameLength, (request, value) => request.Patch = request.Patch with { RequiredCapabilities = value.ToValueList() }, Forms.Name)
            .OrNull(request => request.Patch = request.Patch with { RequiredCapabilities = [] })
        .Texts("depends_on", Bounds.ListLength, Ulid.Length, (request, value) => request.DependsOn = value.Distinct(StringComparer.Ordinal).Select(id => new TaskId(id)).ToValueList(), Forms.Id)
            .OrNull(request => request.DependsOn = default(ValueList<TaskId>))
        .Flag("manual_assignment", (request, value) => request.Patch = request.Patch with { ManualAssignment = value })
        .Whole("max_attempts", 1, Bounds.MaxAttempts, (request, value) => request.Patch = request.Patch with { MaxAttempts = (int)value })
        .Text("assignee", Bounds.NameLength, (request, value) => request.Patch = request.Patch with { Assignee = value }, form: Forms.Name).OrNull(request => request.Clear(TaskFields.Assignee));

    private static Shape<PatchRequest> Detail(Shape<PatchRequest> shape) => shape
        .Text("description", Bounds.TextLength, (request, value) => request.Patch = request.Patch with { Description = value }, least: 0).OrNull(request => request.Clear(TaskFields.Description))
        .Texts("acceptance_criteria", Bounds.ListLength, Bounds.NoteLength, (request, value) => request.Patch = request.Patch with { AcceptanceCriteria = value.ToValueList() })
            .OrNull(request => request.Patch = request.Patch with { AcceptanceCriteria = [] })
        .Texts("files", Bounds.ListLength, Bounds.NoteLength, (request, value) => request.Patch = request.Patch with { Files = value.ToValueList() })
            .OrNull(request => request.Patch = request.Patch with { Files = [] })
        .Free("requirements", Bounds.JsonLength, (request, value) => request.Patch = request.Patch with { Requirements = new(value) }).OrNull(request => request.Clear(TaskFields.Requirements))
        .Free("metadata", Bounds.JsonLength, (request, value) => request.Patch = request.Patch with { Metadata = new(value) }).OrNull(request => request.Clear(TaskFields.Metadata))
        .Text("reviewer", Bounds.NameLength, (request, value) => request.Patch = request.Patch with { Reviewer = new(value) }, form: Forms.Name).OrNull(request => request.Clear(TaskFields.Reviewer))
        .Texts("required_evidence", Bounds.ListLength, Bounds.NameLength, (request, value) => request.Patch = request.Patch with { RequiredEvidence = value.ToValueList() }, Forms.Name)
            .OrNull(request => request.Patch = request.Patch with { RequiredEvidence = [] })
        .Texts("references", Bounds.ListLength, Bounds.NoteLength, (request, value) => request.Patch = request.Patch with { References = value.ToValueList() })
            .OrNull(request => request.Patch = request.Patch with { References = [] })
        .Moment("deadline", (request, value) => request.Patch = request.Patch with { Deadline = value }).OrNull(request => request.Clear(TaskFields.Deadline))
        .Object("estimated_cost", CostJson.Shape, (request, value) => request.Patch = request.Patch with { EstimatedCost = value.Cost }).OrNull(request => request.Clear(TaskFields.EstimatedCost));

    private static Shape<PatchRequest> Workflow(Shape<PatchRequest> shape) => shape
        .Text("workflow_id", Bounds.NameLength, (request, value) => request.Patch = request.Patch with { WorkflowId = value }, form: Forms.Name).OrNull(request => request.Clear(TaskFields.WorkflowId))
        .Text("workflow_slug", Bounds.NameLength, (request, value) => request.Patch = request.Patch with { WorkflowSlug = value }, form: Forms.Name).OrNull(request => request.Clear(TaskFields.WorkflowSlug))
        .Text("workflow_source", Bounds.TitleLength, (request, value) => request.Patch = request.Patch with { WorkflowSource = value }).OrNull(request => request.Clear(TaskFields.WorkflowSource))
        .Text("execution_id", Bounds.NameLength, (request, value) => request.Patch = request.Patch with { ExecutionId = value }, form: Forms.Name).OrNull(request => request.Clear(TaskFields.ExecutionId));

    private void Clear(TaskFields field) => Patch = Patch with { Cleared = Patch.Cleared | field };
}
