using AgentCluster.Actors;
using AgentCluster.Domain.Agents;
using static AgentCluster.Domain.ResourcePool.PoolCommand;
using static AgentCluster.Domain.ResourcePool.PoolEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.ResourcePool.PoolEvent>;

namespace AgentCluster.Domain.ResourcePool.Deciding;

/// <summary>Allocations end by themselves: with their time, with what they are for, and with their agents.</summary>
/// <remarks>
/// What was given to a claim ends with the claim alone: the registry knows better than a missed heartbeat whether its holder is
/// gone. The word that an agent went offline may be overtaken by the agent, who is back and has taken more; so it is asked about,
/// and the answer frees only what was given before the question.
/// </remarks>
internal static class Freeing
{
    public static Decision Decide(PoolState state, EndAllocation end, in Turn turn) =>
        End([.. Found(state, end.Id).Where(known => known.Renewal == end.Renewal)], AllocationEnd.Expired, turn);

    public static Decision Decide(PoolState state, FreeAllocation free, in Turn turn) => End([.. Found(state, free.Id)], AllocationEnd.TaskEnded, turn);

    public static Decision Decide(PoolState state, FreeTask free, in Turn turn) => End(
        [.. state.Active.Where(each => each.Task == free.Task && (free.UpTo is not { } last || each.Token is not { } token || token.Value <= last.Value))],
        AllocationEnd.TaskEnded,
        turn);

    public static Decision Decide(PoolState state, NoteOffline note) => Loose(state, note.Agent).Any()
        ? Decision.Note().Tell(new Message(Kinds.AgentOf(note.Agent), new AgentCommand.AskOffline(state.Places)))
        : Decision.Note();

    public static Decision Decide(PoolState state, FreeAgent free, in Turn turn) =>
        End([.. Loose(state, free.Agent).Where(each => each.Place <= free.UpTo)], AllocationEnd.AgentOffline, turn);

    public static AllocationEnded Over(Allocation allocation, AllocationEnd end, in Turn turn) => new(allocation.Id, allocation.Agent, end, turn.Now);

    private static IEnumerable<Allocation> Loose(PoolState state, AgentId agent) => state.Active.Where(each => each.Agent == agent && each.IsLoose);

    private static IEnumerable<Allocation> Found(PoolState state, AllocationId id) => state.Find(id) is { } known ? [known] : [];

    private static Decision End(IReadOnlyList<Allocation> gone, AllocationEnd end, in Turn turn)
    {
        List<PoolEvent> events = [];
        foreach (var each in gone)
        {
            events.Add(Over(each, end, turn));
        }

        return Decision.Note([.. events]).With([.. gone.Select(each => new TimerChange.Cancel(Allocating.Timer(each.Id)))]);
    }
}
