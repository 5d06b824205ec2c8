using System.Diagnostics;
using AgentCluster.Actors;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.TaskRegistry;

namespace AgentCluster.Bridge.Tasks;

/// <summary>Takes tasks out of lists. Holders of claims are told to stop, as at a cancel; dependants go on.</summary>
internal static class Removal
{
    /// <summary>Deletes the task that the path names.</summary>
    public static Operation<NoRequest> One(TaskCalls tasks) => new(
        "task_delete",
        Scope.TasksWrite,
        "Takes a task out of lists; its holder is told to stop",
        NoRequest.Shape,
        Answers.Nothing().Or(ProblemKind.NotFound),
        (_, call) => tasks.AskHomeAsync(
            call,
            task => new TaskRegistryCommand.DeleteTasks([task]),
            call.Id(null),
            reply => ValueTask.FromResult(
                Done(reply).NotFound.IsEmpty ? Answer.Nothing : Problem.NotFound("task", call.Subject))));

    /// <summary>Deletes many tasks, of any projects.</summary>
    public static Operation<DeleteRequest> Many(TaskCalls tasks) => new(
        "task_delete_batch",
        Scope.TasksWrite,
        "Takes many tasks out of lists, each as if alone",
        DeleteRequest.Shape,
        Answers.Ok(DeletedBody.Schema),
        async (request, call) =>
    {
        var homes = await tasks.Queries.ProjectsOfAsync(request.Ids, call.Gone);
        HashSet<TaskId> deleted = [];
        var asked = 0;
        foreach (var home in request.Ids.Where(homes.ContainsKey).GroupBy(id => homes[id]).OrderBy(home => home.Key, StringComparer.Ordinal))
        {
            if (request.Project is null || request.Project == home.Key)
            {
                deleted.UnionWith(await DeleteAsync(tasks, home.Key, home.ToValueList(), call, isFirst: asked++ == 0));
            }
        }

        return Answer.Ok(new DeletedBody(
            [.. request.Ids.Where(deleted.Contains).Select(id => id.Value)],
            [.. request.Ids.Where(id => !deleted.Contains(id)).Select(id => id.Value)]));
    });

    private static async ValueTask<ValueList<TaskId>> DeleteAsync(
        TaskCalls tasks, string project, ValueList<TaskId> ids, Call call, bool isFirst)
    {
        try
        {
            return Done(await tasks.AskAsync(project, new TaskRegistryCommand.DeleteTasks(ids), call.Id(null))).Deleted;
        }
        catch (ActorUnavailableException away) when (!isFirst)
        {
            // Those of another project are deleted already: "not done" would be a lie. A repeat deletes the rest.
            throw new OutcomeUnknownException(
                Kinds.RegistryOf(project), $"only the tasks of other projects are deleted so far: {away.Message}");
        }
    }

    private static DeleteReply.Done Done(DeleteReply reply) =>
        reply as DeleteReply.Done ?? throw new UnreachableException($"Untranslated reply {reply.GetType().Name}.");
}

/// <summary>Names many tasks.</summary>
internal sealed class DeleteRequest : IOfProject
{
    public static Shape<DeleteRequest> Shape { get; } = new Shape<DeleteRequest>()
        .Texts("ids", Bounds.BatchLength, Ulid.Length, (request, value) => request.Ids = [.. value.Distinct(StringComparer.Ordinal).Select(id => new TaskId(id))], Forms.Id)
        .Text("project", Bounds.NameLength, (request, value) => request.Project = value, form: Forms.Name);

    public IReadOnlyList<TaskId> Ids { get; private set; } = [];

    /// <summary>Those of other projects are as good as not found; null for all projects.</summary>
    public string? Project { get; private set; }

    public bool IsWithin(string project) => Project == project;
}
