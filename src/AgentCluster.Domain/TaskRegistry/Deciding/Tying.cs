using AgentCluster.Actors;
using AgentCluster.Domain.ConflictDetector;
using AgentCluster.Domain.ResourcePool;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.TaskRegistry.TaskRegistryEvent>;

namespace AgentCluster.Domain.TaskRegistry.Deciding;

/// <summary>
/// What ends with a claim elsewhere. Whoever wants to hear of it is remembered with the claim; every decision passes
/// <see cref="Follow"/>, so no command that ends a claim has to think of it, and the letter is part of the commit that ends it.
/// </summary>
internal static class Tying
{
    /// <summary>Repositories that one claim may be tied to; of more the reservations end by their own time.</summary>
    private const int MostRepositories = 50;

    public static Decision Decide(TaskRegistryState state, TieToClaim tie, in Turn turn)
    {
        if (state.Find(tie.Task)?.Facts.Claim is not { } claim || claim.Token != tie.Token)
        {
            return Decision.Note().Tell(Free(tie.Repository, tie.Task, tie.Token));
        }

        return claim.Tied.AsSpan().Contains(tie.Repository) || claim.Tied.Count >= MostRepositories
            ? Decision.Note()
            : Decision.Note(new ClaimTied(tie.Task, tie.Token, tie.Repository, turn.Now));
    }

    public static Decision Decide(TaskRegistryState state, TieResources tie, in Turn turn)
    {
        if (state.Find(tie.Task)?.Facts is not { IsOpen: true } facts || (tie.Token is { } token && facts.Claim?.Token != token))
        {
            return Decision.Note().Tell(new Message(Kinds.ResourcesOfAll, new PoolCommand.FreeAllocation(tie.Allocation)));
        }

        return facts.HoldsResources ? Decision.Note() : Decision.Note(new ResourcesTied(tie.Task, turn.Now));
    }

    /// <summary>Adds who is told of claims and tasks that a decision ends.</summary>
    public static Decision Follow(TaskRegistryState state, Decision decision)
    {
        List<Message>? told = null;
        foreach (var happened in decision.Events)
        {
            if (Ends(happened) && state.Find(((IOfTask)happened).Task) is { Facts: var task })
            {
                foreach (var repository in task.Claim?.Tied ?? [])
                {
                    (told ??= []).Add(Free(repository, task.Id, task.Claim!.Token));
                }

                if (task.HoldsResources)
                {
                    (told ??= []).Add(new(Kinds.ResourcesOfAll, new PoolCommand.FreeTask(task.Id, task.Claim?.Token)));
                }
            }
        }

        return told is null ? decision : decision.Tell([.. told]);
    }

    private static bool Ends(TaskRegistryEvent happened) =>
        happened is TaskCompleted or ClaimEnded or TaskCancelled or TaskDeleted || (happened is TaskReimported { Status: var status } && !status.IsOpen());

    private static Message Free(string repository, TaskId task, FencingToken token) =>
        new(Kinds.DetectorOf(repository), new DetectorCommand.FreeClaim(task, token));
}
