using System.Diagnostics;
using AgentCluster.Actors;
using AgentCluster.Bridge.Ids;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Tasks;
using AgentCluster.Domain;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.Queries;
using AgentCluster.Domain.TaskRegistry;

namespace AgentCluster.Bridge.Epics;

/// <summary>What the operations on epics have in common: finding the registry, and showing what it answers.</summary>
/// <param name="actors">Sends commands.</param>
/// <param name="queries">Reads lists.</param>
/// <param name="homes">Knows each epic's project.</param>
/// <param name="ids">Mints ids.</param>
internal sealed class EpicCalls(IActorClient actors, EpicQueries queries, EpicHomes homes, IIdSource ids)
{
    /// <summary>Reads lists.</summary>
    public EpicQueries Queries => queries;

    /// <summary>A new id.</summary>
    public EpicId NewId() => new(ids.Next());

    /// <summary>Asks the registry of a project.</summary>
    /// <param name="project">Its name.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="id">Makes it take effect once; null for a read.</param>
    public ValueTask<TReply> AskAsync<TReply>(string project, ICommand<TReply> command, CommandId? id) =>
        actors.AskAsync(Kinds.RegistryOf(project), command, id, CancellationToken.None);

    /// <summary>Asks the registry of the epic that the path names.</summary>
    /// <param name="call">The call; its subject is a ULID.</param>
    /// <param name="command">Makes the command for the epic.</param>
    /// <param name="id">Makes it take effect once; null for a read.</param>
    /// <param name="answer">Shows the epic.</param>
    public async ValueTask<Answer> AskHomeAsync(
        Call call, Func<EpicId, ICommand<EpicReply>> command, CommandId? id, Func<EpicView, Answer> answer) =>
        await homes.FindAsync(call.Subject, call.Gone) is { } project
            ? Show(await AskAsync(project, command(new(call.Subject)), id), answer)
            : Problem.NotFound("epic", call.Subject);

    /// <summary>The answer to a command about one epic.</summary>
    /// <param name="reply">Its registry's.</param>
    /// <param name="answer">Shows the epic.</param>
    public Answer Show(EpicReply reply, Func<EpicView, Answer> answer)
    {
        switch (reply)
        {
            case EpicReply.Found found:
                homes.Learn(found.Epic.Id.Value, found.Epic.Project);
                return answer(found.Epic);
            case EpicReply.Refused refused:
                return Refusals.Problem(refused.Why);
            default:
                throw new UnreachableException($"Untranslated reply {reply.GetType().Name}.");
        }
    }
}
