using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Bridge.Tasks;

/// <summary>A task to create, alone or in a batch.</summary>
internal sealed class DraftRequest : IOfProject
{
    private const int LongestReference = 4 + Bounds.NameLength;

    private string _title = string.Empty;
    private TaskSpec _spec = new() { Title = string.Empty };
    private TaskDetail _detail = TaskDetail.None;

    /// <summary>A task that is created alone.</summary>
    public static Shape<DraftRequest> Alone { get; } = Identity(new Shape<DraftRequest>().Also(Project)).Also(Detail);

    /// <summary>A task of a batch: it may have a name that only the batch knows.</summary>
    public static Shape<DraftRequest> InBatch { get; } = Identity(new Shape<DraftRequest>()
        .Also(Project)
        .Text("ref", Bounds.NameLength, (draft, value) => draft.Ref = value, form: Forms.Name)).Also(Detail);

    /// <summary>As written; null means the project of the request, or else the default one.</summary>
    public string? ProjectName { get; private set; }

    public string? Ref { get; private set; }

    public List<string> DependsOn { get; private set; } = [];

    private ValueList<AgentId> _watchers;

    public bool IsWithin(string project) => (ProjectName ?? TaskCalls.DefaultProject) == project;

    /// <summary>The draft that the domain checks.</summary>
    /// <param name="id">A new one.</param>
    public TaskDraft ToDraft(TaskId id) =>
        new(id, Ref, _spec with { Title = _title, Detail = _detail }, DependsOn.ToValueList()) { Watchers = _watchers };

    private static Shape<DraftRequest> Project(Shape<DraftRequest> shape) => shape
        .Text("project", Bounds.NameLength, (draft, value) => draft.ProjectName = value, form: Forms.Name);

    private static Shape<DraftRequest> Identity(Shape<DraftRequest> shape) => shape
        .Text("title", Bounds.TitleLength, (draft, value) => draft._title = value, required: true)
        .Text("epic_id", Ulid.Length, (draft, value) => draft._spec = draft._spec with { EpicId = new(value) }, form: Forms.Id)
        .Text("type", Bounds.NameLength, (draft, value) => draft._spec = draft._spec with { Type = value }, form: Forms.Name)
        .Texts("tags", Bounds.ListLength, Bounds.NameLength, (draft, value) => draft._spec = draft._spec with { Tags = value.ToValueList() }, Forms.Name)
        .Text("priority", 24, (draft, value) => draft._spec = draft._spec with { Priority = PriorityOf(value) }, form: Forms.Urgency)
        .Texts("required_capabilities", Bounds.ListLength, Bounds.NameLength, (draft, value) => draft._spec = draft._spec with { RequiredCapabilities = value.ToValueList() }, Forms.Name)
        .Texts("depends_on", Bounds.ListLength, LongestReference, (draft, value) => draft.DependsOn = value)
        .Flag("manual_assignment", (draft, value) => draft._spec = draft._spec with { ManualAssignment = value })
        .Whole("max_attempts", 1, Bounds.MaxAttempts, (draft, value) => draft._spec = draft._spec with { MaxAttempts = (int)value })
        .Texts("watchers", Bounds.ListLength, Bounds.NameLength, (draft, value) => draft._watchers = value.Select(agent => new AgentId(agent)).ToValueList(), Forms.Name)
        .Text("assignee", Bounds.NameLength, (draft, value) => draft._spec = draft._spec with { Assignee = value }, form: Forms.Name);

    private static Shape<DraftRequest> Detail(Shape<DraftRequest> shape) => shape
        .Text("description", Bounds.TextLength, (draft, value) => draft._detail = draft._detail with { Description = value }, least: 0)
        .Texts("acceptance_criteria", Bounds.ListLength, Bounds.NoteLength, (draft, value) => draft._detail = draft._detail with { AcceptanceCriteria = value.ToValueList() })
        .Texts("files", Bounds.ListLength, Bounds.NoteLength, (draft, value) => draft._detail = draft._detail with { Files = value.ToValueList() })
        .Free("requirements", Bounds.JsonLength, (draft, value) => draft._detail = draft._detail with { Requirements = new(value) })
        .Free("metadata", Bounds.JsonLength, (draft, value) => draft._detail = draft._detail with { Metadata = new(value) })
        .Text("reviewer", Bounds.NameLength, (draft, value) => draft._detail = draft._detail with { Reviewer = new(value) }, form: Forms.Name)
        .Texts("required_evidence", Bounds.ListLength, Bounds.NameLength, (draft, value) => draft._detail = draft._detail with { RequiredEvidence = value.ToValueList() }, Forms.Name)
        .Texts("references", Bounds.ListLength, Bounds.NoteLength, (draft, value) => draft._detail = draft._detail with { References = value.ToValueList() })
        .Moment("deadline", (draft, value) => draft._detail = draft._detail with { Deadline = value })
        .Object("estimated_cost", CostJson.Shape, (draft, value) => draft._detail = draft._detail with { EstimatedCost = value.Cost })
        .Text("workflow_id", Bounds.NameLength, (draft, value) => draft._detail = draft._detail with { WorkflowId = value }, form: Forms.Name)
        .Text("workflow_slug", Bounds.NameLength, (draft, value) => draft._detail = draft._detail with { WorkflowSlug = value }, form: Forms.Name)
        .Text("workflow_source", Bounds.TitleLength, (draft, value) => draft._detail = draft._detail with { WorkflowSource = value })
        .Text("execution_id", Bounds.NameLength, (draft, value) => draft._detail = draft._detail with { ExecutionId = value }, form: Forms.Name);

    /// <summary>A priority that was found to be one.</summary>
    public static Priority PriorityOf(string text) => Priorities.TryParse(text, out var priority) ? priority : default;
}
