using System.Diagnostics;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Bridge.Tasks;

/// <summary>New tasks: one, or many at once with dependencies among them.</summary>
internal static class Creation
{
    /// <summary>Creates one task.</summary>
    public static Operation<DraftRequest> One(TaskCalls tasks) => new(
        "task_create",
        Scope.TasksWrite,
        "Creates a task",
        DraftRequest.Alone,
        Answers.Created(TaskBody.Schema).Tagged().Or(ProblemKind.DependencyCycle, ProblemKind.InvalidTransition),
        async (request, call) =>
    {
        var draft = request.ToDraft(tasks.NewId());
        if (TaskBatch.TryResolve([draft], path: null, out var errors) is not { } command)
        {
            return Problem.Invalid(errors);
        }

        var reply = await tasks.AskAsync(request.ProjectName ?? TaskCalls.DefaultProject, command, call.Id(null));
        return reply switch
        {
            CreateReply.Created created => Answer.Created(tasks.Show(created.Tasks[0], command.Tasks[0].Spec.Detail), $"/api/v1/tasks/{created.Tasks[0].Id}/"),
            CreateReply.Refused refused => Refusals.Problem(refused.Why),
            _ => throw new UnreachableException($"Untranslated reply {reply.GetType().Name}."),
        };
    });

    /// <summary>Creates many tasks of one project: all of them, or none.</summary>
    public static Operation<BatchRequest> Many(TaskCalls tasks) => new(
        "task_create_batch",
        Scope.TasksWrite,
        "Creates many tasks of one project: all of them, or none",
        BatchRequest.Shape,
        Answers.Created(TasksBody.Schema).Or(ProblemKind.DependencyCycle, ProblemKind.InvalidTransition),
        async (request, call) =>
    {
        if (request.ProjectOf(out var project) is { } twoProjects)
        {
            return twoProjects;
        }

        List<TaskDraft> drafts = [.. request.Tasks.Select(one => one.ToDraft(tasks.NewId()))];
        if (TaskBatch.TryResolve(drafts, "tasks", out var errors) is not { } command)
        {
            return Problem.Invalid(errors);
        }

        var reply = await tasks.AskAsync(project, command, call.Id(null));
        return reply switch
        {
            CreateReply.Created created => Answer.Created(new TasksBody(
                [.. created.Tasks.Select((task, index) => tasks.Show(task, command.Tasks[index].Spec.Detail))], Total: null), location: null),
            CreateReply.Refused refused => Refusals.Problem(refused.Why),
            _ => throw new UnreachableException($"Untranslated reply {reply.GetType().Name}."),
        };
    });
}

/// <summary>Asks for many tasks at once.</summary>
internal sealed class BatchRequest : IOfProject
{
    public static Shape<BatchRequest> Shape { get; } = new Shape<BatchRequest>()
        .Text("project", Bounds.NameLength, (request, value) => request._project = value, form: Forms.Name)
        .Objects("tasks", Bounds.BatchLength, DraftRequest.InBatch, (request, value) => request.Tasks = value, required: true);

    private string? _project;

    public List<DraftRequest> Tasks { get; private set; } = [];

    public bool IsWithin(string project) => ProjectOf(out var named) is null && named == project;

    /// <summary>Finds the one project of all tasks.</summary>
    /// <param name="project">Its name.</param>
    /// <returns>What is wrong when there are two, or null.</returns>
    public Problem? ProjectOf(out string project)
    {
        List<string> named = [.. Tasks.Select(task => task.ProjectName ?? _project ?? TaskCalls.DefaultProject).Distinct(StringComparer.Ordinal)];
        project = named[0];
        return named.Count > 1 || (_project ?? project) != project
            ? Problem.Invalid("tasks", "must all be of one project: a batch is one turn of its registry.")
            : null;
    }
}
