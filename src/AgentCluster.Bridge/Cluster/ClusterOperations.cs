using AgentCluster.Actors;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;

namespace AgentCluster.Bridge.Cluster;

/// <summary>What operators look at.</summary>
internal static class ClusterOperations
{
    /// <summary>What this node carries.</summary>
    public static Operation<NoRequest> Status(IActorInspector inspector, Func<string?> notReady) => new("cluster_status", NoRequest.Shape, async (_, call) =>
        Answer.Ok(new NodeBody(await inspector.InspectAsync(call.Gone), notReady())));

    /// <summary>What this node is set to.</summary>
    public static Operation<NoRequest> Config(IReadOnlyList<ConfigEntry> entries) => new("config_show", NoRequest.Shape, (_, _) =>
        new(Answer.Ok(new ConfigBody(entries))));

    /// <summary>What can be seen of one actor without waking it; the call's subject is its address, <c>kind/name</c>.</summary>
    public static Operation<NoRequest> Actor(IActorInspector inspector) => new("actor_inspect", NoRequest.Shape, async (_, call) =>
        await inspector.InspectAsync(ActorId.Parse(call.Subject), call.Gone) is { } report
            ? Answer.Ok(new ActorBody(report))
            : new Problem(
                ProblemKind.NotFound,
                $"The actor {Faults.Shown(call.Subject)} is not in memory here: nothing was asked of it lately, or it does not exist.",
                ("actor", call.Subject)));
}
