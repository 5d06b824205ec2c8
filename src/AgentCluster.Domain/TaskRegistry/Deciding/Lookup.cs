using AgentCluster.Actors;
using AgentCluster.Domain.TaskRegistry.Rows;
using AgentCluster.Domain.Tasks;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.TaskRegistry.TaskRegistryEvent>;

namespace AgentCluster.Domain.TaskRegistry.Deciding;

/// <summary>Finds what a decision needs: in memory, else in the rows, else nowhere.</summary>
internal static class Lookup
{
    /// <summary>A task that has to be loaded before anything can be said about it; null when nothing has to.</summary>
    public static Decision? Load(TaskRegistryState state, TaskId task, in Turn turn) =>
        state.Find(task) is null && !turn.IsAbsent(TaskRow.Key(task)) ? Decision.Needs(TaskRow.Key(task)) : null;

    /// <summary>
    /// Why a token does not give the right to take a task to <paramref name="to"/>; null when it does. One of an earlier
    /// generation never does: what its holder has done since may be lost, and its claim is about to lapse.
    /// </summary>
    public static TaskRefusal? Refuse(TaskEntry? task, TaskId id, FencingToken token, WorkStatus to, in Turn turn) => task?.Facts switch
    {
        null => new TaskRefusal.NotFound(id),
        { Claim: { } claim } when claim.Token == token && token.Generation >= turn.Generation => null,
        { IsOpen: false } facts when facts.LastToken == token => new TaskRefusal.InvalidTransition(facts.Status, to),
        { } facts => new TaskRefusal.ClaimSuperseded(facts.Claim?.Agent, facts.LastToken),
    };
}
