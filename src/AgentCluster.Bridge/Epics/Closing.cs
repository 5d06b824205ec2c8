using System.Diagnostics;
using AgentCluster.Actors;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Bridge.Tasks;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.TaskRegistry;

namespace AgentCluster.Bridge.Epics;

/// <summary>Calling epics off, and taking them out of lists.</summary>
internal static class Closing
{
    /// <summary>Calls an epic off, with its open tasks.</summary>
    public static Operation<CancelRequest> Cancel(EpicCalls epics) => new(
        "epic_cancel",
        Scope.TasksWrite,
        "Cancels an epic, its open tasks and the claims on them",
        CancelRequest.Shape,
        Answers.Ok(EpicBody.Schema).Or(ProblemKind.NotFound, ProblemKind.InvalidTransition, ProblemKind.VersionMismatch),
        (request, call) => epics.AskHomeAsync(
            call,
            epic => new TaskRegistryCommand.CancelEpic(epic, request.Reason, call.IfMatch),
            call.Id(null),
            epic => Answer.Ok(new EpicBody(epic))));

    /// <summary>Deletes an epic; its open tasks are cancelled.</summary>
    public static Operation<NoRequest> Delete(EpicCalls epics) => new(
        "epic_delete",
        Scope.TasksWrite,
        "Takes an epic out of lists and cancels its open tasks",
        NoRequest.Shape,
        Answers.Nothing().Or(ProblemKind.NotFound, ProblemKind.VersionMismatch),
        (_, call) => epics.AskHomeAsync(
            call, epic => new TaskRegistryCommand.DeleteEpic(epic, call.IfMatch), call.Id(null), _ => Answer.Nothing));

    /// <summary>Deletes many epics.</summary>
    public static Operation<EpicIds> DeleteMany(EpicCalls epics) => new(
        "epic_delete_batch",
        Scope.TasksWrite,
        "Deletes many epics, each as if alone",
        EpicIds.Shape,
        Answers.Ok(DeletedBody.Schema),
        async (request, call) =>
    {
        var homes = await epics.Queries.ProjectsOfAsync(request.Ids, call.Gone);
        HashSet<EpicId> deleted = [];
        var asked = 0;
        foreach (var home in request.Ids.Where(homes.ContainsKey).GroupBy(id => homes[id]).OrderBy(home => home.Key, StringComparer.Ordinal))
        {
            deleted.UnionWith(await DeleteAsync(epics, home.Key, home.ToValueList(), call, asked++ == 0));
        }

        return Answer.Ok(new DeletedBody(
            [.. request.Ids.Where(deleted.Contains).Select(id => id.Value)],
            [.. request.Ids.Where(id => !deleted.Contains(id)).Select(id => id.Value)]));
    });

    private static async ValueTask<ValueList<EpicId>> DeleteAsync(
        EpicCalls epics, string project, ValueList<EpicId> ids, Call call, bool isFirst)
    {
        try
        {
            return await epics.AskAsync(project, new TaskRegistryCommand.DeleteEpics(ids), call.Id(null)) switch
            {
                EpicsReply.Deleted reply => reply.Epics,
                var reply => throw new UnreachableException($"Untranslated reply {reply.GetType().Name}."),
            };
        }
        catch (ActorUnavailableException away) when (!isFirst)
        {
            // Those of another project are deleted already: "not done" would be a lie. A repeat deletes the rest.
            throw new OutcomeUnknownException(
                Kinds.RegistryOf(project), $"only the epics of other projects are deleted so far: {away.Message}");
        }
    }
}

/// <summary>Names many epics.</summary>
internal sealed class EpicIds
{
    public static Shape<EpicIds> Shape { get; } = new Shape<EpicIds>()
        .Texts("ids", Bounds.BatchLength, Ulid.Length, (request, value) => request.Ids = [.. value.Distinct(StringComparer.Ordinal).Select(id => new EpicId(id))], Forms.Id);

    public IReadOnlyList<EpicId> Ids { get; private set; } = [];
}
