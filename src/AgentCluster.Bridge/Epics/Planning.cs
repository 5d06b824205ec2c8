using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Bridge.Tasks;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Bridge.Epics;

/// <summary>What people write about epics.</summary>
internal static class Planning
{
    /// <summary>Creates an epic.</summary>
    public static Operation<EpicDraft> Create(EpicCalls epics) => new(
        "epic_create",
        Scope.TasksWrite,
        "Creates an epic",
        EpicDraft.Shape,
        Answers.Created(EpicBody.Schema).Tagged(),
        async (request, call) =>
    {
        var spec = request.ToSpec(call.Caller);
        if (spec.CreatedBy is { } by && call.IsSomebodyElseThan(by))
        {
            return Fields.WrongAgent(call, by, out _)!;
        }

        if (EpicSpec.Validate(spec) is { IsEmpty: false } errors)
        {
            return Problem.Invalid(errors);
        }

        var reply = await epics.AskAsync(request.Project, new TaskRegistryCommand.CreateEpic(epics.NewId(), spec), call.Id(null));
        return epics.Show(reply, epic => Answer.Created(new EpicBody(epic), $"/api/v1/epics/{epic.Id}/"));
    });

    /// <summary>Changes the epic that the path names.</summary>
    public static Operation<EpicChange> Change(EpicCalls epics) => new(
        "epic_change",
        Scope.TasksWrite,
        "Changes an epic; null empties a field, status cancelled calls it off",
        EpicChange.Shape,
        Answers.Ok(EpicBody.Schema).Tagged().Or(ProblemKind.NotFound, ProblemKind.InvalidTransition, ProblemKind.VersionMismatch),
        async (request, call) => EpicPatch.Validate(request.Patch) is { IsEmpty: false } errors
            ? Problem.Invalid(errors)
            : await epics.AskHomeAsync(
                call,
                epic => new TaskRegistryCommand.ChangeEpic(epic, request.Patch, call.IfMatch),
                call.Id(null),
                epic => Answer.Ok(new EpicBody(epic))));
}

/// <summary>An epic to create.</summary>
internal sealed class EpicDraft : IOfProject
{
    private EpicSpec _spec = new() { Title = string.Empty };

    public static Shape<EpicDraft> Shape { get; } = new Shape<EpicDraft>()
        .Text("project", Bounds.NameLength, (draft, value) => draft.Project = value, form: Forms.Name)
        .Text("title", Bounds.TitleLength, (draft, value) => draft._spec = draft._spec with { Title = value }, required: true)
        .Text("description", Bounds.TextLength, (draft, value) => draft._spec = draft._spec with { Description = value }, least: 0)
        .Texts("tags", Bounds.ListLength, Bounds.NameLength, (draft, value) => draft._spec = draft._spec with { Tags = value.ToValueList() }, Forms.Name)
        .Text("priority", 24, (draft, value) => draft._spec = draft._spec with { Priority = EpicChange.PriorityOf(value) }, form: Forms.Urgency)
        .Object("budget", BudgetJson.Shape, (draft, value) => draft._spec = draft._spec with { Budget = value.Budget })
        .Text("created_by", Bounds.NameLength, (draft, value) => draft._spec = draft._spec with { CreatedBy = value }, form: Forms.Name)
        .Text("workflow_id", Bounds.NameLength, (draft, value) => draft._spec = draft._spec with { WorkflowId = value }, form: Forms.Name)
        .Text("user_profile_id", Bounds.NameLength, (draft, value) => draft._spec = draft._spec with { UserProfileId = value }, form: Forms.Name)
        .Free("metadata", Bounds.JsonLength, (draft, value) => draft._spec = draft._spec with { Metadata = new(value) });

    public string Project { get; private set; } = TaskCalls.DefaultProject;

    public bool IsWithin(string project) => Project == project;

    /// <summary>What the domain checks.</summary>
    /// <param name="caller">Whose handle came along: it is the creator when none is named.</param>
    public EpicSpec ToSpec(string? caller) => _spec with { CreatedBy = _spec.CreatedBy ?? caller };
}

/// <summary>What changes of an epic.</summary>
internal sealed class EpicChange
{
    // Where an epic stands follows from its tasks, except that it may be called off; the other words are refused with what is so.
    private static readonly Dictionary<string, EpicStatus> Statuses = Enum.GetValues<EpicStatus>()
        .Where(status => status != EpicStatus.Deleted)
        .ToDictionary(status => status.Word(), StringComparer.Ordinal);

    public static Shape<EpicChange> Shape { get; } = new Shape<EpicChange>()
        .Text("title", Bounds.TitleLength, (change, value) => change.Patch = change.Patch with { Title = value })
        .Word("status", Statuses, (change, value) => change.Patch = change.Patch with { Status = value })
        .Text("description", Bounds.TextLength, (change, value) => change.Patch = change.Patch with { Description = new(value) }, least: 0)
        .OrNull(change => change.Patch = change.Patch with { Description = new(null) })
        .Texts("tags", Bounds.ListLength, Bounds.NameLength, (change, value) => change.Patch = change.Patch with { Tags = value.ToValueList() }, Forms.Name)
        .OrNull(change => change.Patch = change.Patch with { Tags = [] })
        .Text("priority", 24, (change, value) => change.Patch = change.Patch with { Priority = PriorityOf(value) }, form: Forms.Urgency)
        .Object("budget", BudgetJson.Shape, (change, value) => change.Patch = change.Patch with { Budget = new(value.Budget) })
        .OrNull(change => change.Patch = change.Patch with { Budget = new(null) })
        .Text("workflow_id", Bounds.NameLength, (change, value) => change.Patch = change.Patch with { WorkflowId = new(value) }, form: Forms.Name)
        .OrNull(change => change.Patch = change.Patch with { WorkflowId = new(null) })
        .Text("user_profile_id", Bounds.NameLength, (change, value) => change.Patch = change.Patch with { UserProfileId = new(value) }, form: Forms.Name)
        .OrNull(change => change.Patch = change.Patch with { UserProfileId = new(null) })
        .Text("result_summary", Bounds.TextLength, (change, value) => change.Patch = change.Patch with { ResultSummary = new(value) }, least: 0)
        .OrNull(change => change.Patch = change.Patch with { ResultSummary = new(null) })
        .Free("metadata", Bounds.JsonLength, (change, value) => change.Patch = change.Patch with { Metadata = new(new RawJson(value)) })
        .OrNull(change => change.Patch = change.Patch with { Metadata = new(null) });

    public EpicPatch Patch { get; private set; } = new();

    public static Priority PriorityOf(string text) => Priorities.TryParse(text, out var priority) ? priority : default;
}
