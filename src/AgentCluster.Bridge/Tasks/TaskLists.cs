using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.Queries;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Bridge.Tasks;

/// <summary>Reads of tasks.</summary>
internal static class TaskLists
{
    /// <summary>Any tasks, filtered.</summary>
    public static Operation<TaskListRequest> All(TaskCalls tasks) => new(
        "task_list",
        Scope.TasksRead,
        "Lists tasks",
        TaskListRequest.Shape,
        Answers.Ok(TasksBody.Schema),
        async (request, call) =>
    {
        var page = await tasks.Queries.ListAsync(request.Filter, request.Limit, request.Offset, call.Gone);
        return Answer.Ok(new TasksBody([.. page.Tasks.Select(task => new TaskBody(task, Detail: null))], page.Total));
    });

    /// <summary>The task that the path names.</summary>
    public static Operation<NoRequest> Show(TaskCalls tasks) => new(
        "task_show",
        Scope.TasksRead,
        "Shows one task",
        NoRequest.Shape,
        Answers.Ok(TaskBody.Schema).Tagged().Or(ProblemKind.NotFound),
        (_, call) =>
        tasks.AskHomeAsync(call, task => new TaskRegistryCommand.ReadTask(task), id: null, async reply => reply switch
        {
            TaskReply.Found found => Answer.Ok(await tasks.ShowAsync(found.Task)),
            _ => await tasks.AnswerAsync(reply),
        }));

    /// <summary>Ready tasks of a project, best first.</summary>
    public static Operation<AvailableRequest> Available(TaskCalls tasks) => new(
        "task_available",
        Scope.TasksRead,
        "Lists the ready tasks of a project, best first",
        AvailableRequest.Shape,
        Answers.Ok(TasksBody.Schema),
        async (request, call) =>
    {
        if (request.Agent is { } named && Fields.WrongAgent(call, named, out _) is { } wrong)
        {
            return wrong;
        }

        var capabilities = (request.Agent ?? call.Caller) is { } agent && await tasks.Profiles.FindAsync(agent) is { } view
            ? view.Profile.Capabilities
            : (ValueList<string>?)null;
        var reply = await tasks.AskAsync(
            request.Project, new TaskRegistryCommand.ListAvailable(capabilities, request.Limit, request.Offset), id: null);
        return Answer.Ok(new TasksBody([.. reply.Tasks.Select(task => new TaskBody(task, Detail: null))], reply.Total));
    });
}

/// <summary>Which tasks to list.</summary>
internal sealed class TaskListRequest : IOfProject
{
    public static Shape<TaskListRequest> Shape { get; } = new Shape<TaskListRequest>()
        .Text("project", Bounds.NameLength, (request, value) => request.Filter = request.Filter with { Project = value }, form: Forms.Name)
        .Text("epic_id", Ulid.Length, (request, value) => request.Filter = request.Filter with { EpicId = new(value) }, form: Forms.Id)
        .Text("status", 32, (request, value) => request.Filter = request.Filter with { Status = StatusOf(value) }, form: Forms.Status)
        .Texts("tags", Bounds.ListLength, Bounds.NameLength, (request, value) => request.Filter = request.Filter with { Tags = value.ToValueList() }, Forms.Name)
        .Text("assignee", Bounds.NameLength, (request, value) => request.Filter = request.Filter with { Assignee = value }, form: Forms.Name)
        .Text("priority", 24, (request, value) => request.Filter = request.Filter with { Priority = PriorityOf(value) }, form: Forms.Urgency)
        .Text("text", Bounds.NoteLength, (request, value) => request.Filter = request.Filter with { Text = value })
        .Also(Paging<TaskListRequest>.Fields((request, value) => request.Limit = value, (request, value) => request.Offset = value, int.MaxValue));

    public TaskFilter Filter { get; private set; } = new();

    public int Limit { get; private set; } = Paging<TaskListRequest>.DefaultLimit;

    public int Offset { get; private set; }

    public bool IsWithin(string project) => Filter.Project == project;

    private static WorkStatus StatusOf(string text) => WorkStatuses.TryParse(text, out var status) ? status : default;

    private static Priority PriorityOf(string text) => Priorities.TryParse(text, out var priority) ? priority : default;
}

/// <summary>Which ready tasks to list.</summary>
internal sealed class AvailableRequest : IOfProject
{
    public static Shape<AvailableRequest> Shape { get; } = new Shape<AvailableRequest>()
        .Text("agent", Bounds.NameLength, (request, value) => request.Agent = value, form: Forms.Name)
        .Text("project", Bounds.NameLength, (request, value) => request.Project = value, form: Forms.Name)
        .Also(Paging<AvailableRequest>.Fields((request, value) => request.Limit = value, (request, value) => request.Offset = value, Bounds.AvailableOffset));

    public string? Agent { get; private set; }

    public string Project { get; private set; } = TaskCalls.DefaultProject;

    public int Limit { get; private set; } = Paging<AvailableRequest>.DefaultLimit;

    public int Offset { get; private set; }

    public bool IsWithin(string project) => Project == project;
}
