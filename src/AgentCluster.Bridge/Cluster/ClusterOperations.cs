using AgentCluster.Actors;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain.Access;

namespace AgentCluster.Bridge.Cluster;

/// <summary>What operators look at.</summary>
internal static class ClusterOperations
{
    /// <summary>What this node carries.</summary>
    public static Operation<NoRequest> Status(IActorInspector inspector, Func<string?> notReady) => new(
        "cluster_status",
        Scope.Ops,
        "Shows what this node carries",
        NoRequest.Shape,
        Answers.Ok(NodeBody.Schema),
        async (_, call) =>
        Answer.Ok(new NodeBody(await inspector.InspectAsync(call.Gone), notReady())));

    /// <summary>What this node is set to.</summary>
    public static Operation<NoRequest> Config(IReadOnlyList<ConfigEntry> entries) => new(
        "config_show",
        Scope.Ops,
        "Shows what this node is set to",
        NoRequest.Shape,
        Answers.Ok(ConfigBody.Schema),
        (_, _) =>
        new(Answer.Ok(new ConfigBody(entries))));

    /// <summary>What can be seen of one actor without waking it; the path says its kind and its name.</summary>
    public static Operation<NoRequest> Actor(IActorInspector inspector) => new(
        "actor_inspect",
        Scope.Ops,
        "Looks at one actor without waking it",
        NoRequest.Shape,
        Answers.Ok(ActorBody.Schema).Or(ProblemKind.NotFound),
        async (_, call) =>
        await inspector.InspectAsync(new ActorId(call.Subject, call.Other), call.Gone) is { } report
            ? Answer.Ok(new ActorBody(report))
            : new Problem(
                ProblemKind.NotFound,
                $"The actor {Faults.Shown($"{call.Subject}/{call.Other}")} is not in memory here: nothing was asked of it lately, or it does not exist.",
                ("actor", $"{call.Subject}/{call.Other}")));
}
