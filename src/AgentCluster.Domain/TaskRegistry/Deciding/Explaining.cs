using AgentCluster.Actors;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.TaskRegistry.TaskRegistryEvent>;

namespace AgentCluster.Domain.TaskRegistry.Deciding;

/// <summary>Saying why a task cannot be had, and why it went where it went.</summary>
internal static class Explaining
{
    public static Decision Decide(TaskRegistryState state, ExplainTask explain, in Turn turn)
    {
        if (Lookup.Load(state, explain.Task, turn) is { } load)
        {
            return load;
        }

        if (state.Find(explain.Task) is not { } task)
        {
            return Decision.Answer<WhyReply>(explain, new WhyReply.Refused(new TaskRefusal.NotFound(explain.Task)));
        }

        var facts = task.Facts;
        List<Reason> byItself = [.. Reasons.NotReady(task), .. Reasons.OfEpic(state, facts)];
        List<Reason> byAgent = explain.By is { } by ? [.. Reasons.NotFor(state, facts, by, released: 0)]
            : facts.Status == WorkStatus.Pending && Reasons.OfPolicy(state, released: 0) is { } policy ? [policy] : [];
        List<Reason> byRule = facts.Spec.ManualAssignment && facts.IsOpen
            ? [new(ReasonCode.ManualAssignment, "It is handed out by name only: claim it by its id.")]
            : [];
        return Decision.Answer<WhyReply>(
            explain,
            new WhyReply.Explained(
                IsReady: byItself.Count == 0 && byRule.Count == 0,
                IsClaimable: byItself.Count == 0 && byAgent.Count == 0,
                [.. byItself, .. byAgent, .. byRule],
                RoutedOf(facts)));
    }

    private static Routed? RoutedOf(TaskFacts facts) => facts is { Routed: { } routed, LastAgent: { } agent }
        ? new(agent, routed.At, facts.Spec.Priority, facts.CreatedAt, routed.Best)
        : null;
}
