using AgentCluster.Actors;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain.Access;

namespace AgentCluster.Bridge.Cluster;

/// <summary>The nodes that share a database, and what operators tell them.</summary>
internal static class MemberOperations
{
    /// <summary>The nodes, as this one knows them.</summary>
    public static Operation<NoRequest> Members(IClusterInspector cluster) => new(
        "cluster_members",
        Scope.Ops,
        "Lists the nodes of the cluster as this one knows them",
        NoRequest.Shape,
        Answers.Ok(MembersBody.Schema),
        (_, _) =>
        new(Answer.Ok(new MembersBody(cluster.Members()))));

    /// <summary>Every shard and its owner.</summary>
    public static Operation<ShardListRequest> Shards(IClusterInspector cluster) => new(
        "cluster_shards",
        Scope.Ops,
        "Lists the shards and who owns each, as this node knows it",
        ShardListRequest.Shape,
        Answers.Ok(ShardsBody.Schema),
        (request, _) =>
    {
        var all = cluster.Shards();
        return new(Answer.Ok(new ShardsBody([.. all.Skip(request.Offset).Take(request.Limit)], all.Count)));
    });

    /// <summary>The actors of one shard that are in memory here.</summary>
    public static Operation<ShardActorsRequest> Actors(IClusterInspector cluster) => new(
        "cluster_actors",
        Scope.Ops,
        "Lists the actors of a shard that are in memory on this node",
        ShardActorsRequest.Shape,
        Answers.Ok(ActorsBody.Schema),
        async (request, call) =>
    {
        var most = cluster.Shards().Count;
        if (request.Shard >= most)
        {
            return Problem.Invalid("shard", $"must be a shard from 0 to {most - 1}; found {request.Shard}.");
        }

        var all = await cluster.ActorsAsync(request.Shard, call.Gone);
        return Answer.Ok(new ActorsBody([.. all.Skip(request.Offset).Take(request.Limit)], all.Count));
    });

    /// <summary>Asks the member that the path names to leave.</summary>
    public static Operation<NoRequest> Leave(IClusterInspector cluster) => new(
        "cluster_leave",
        Scope.Ops,
        "Asks a node to hand its shards over and to end",
        NoRequest.Shape,
        Answers.Nothing().Or(ProblemKind.NotFound),
        async (_, call) => await cluster.LeaveAsync(call.Subject, call.Gone) ? Answer.Nothing : NoMember(call.Subject));

    /// <summary>Declares the member that the path names down.</summary>
    public static Operation<NoRequest> Down(IClusterInspector cluster) => new(
        "cluster_down",
        Scope.Ops,
        "Declares a node down for good: the others take its shards at once",
        NoRequest.Shape,
        Answers.Nothing().Or(ProblemKind.NotFound),
        async (_, call) => await cluster.DownAsync(call.Subject, call.Gone) ? Answer.Nothing : NoMember(call.Subject));

    /// <summary>Begins a generation.</summary>
    public static Operation<NoRequest> Restored(IClusterInspector cluster) => new(
        "cluster_restored",
        Scope.Admin,
        "Begins a generation, as the database was put back to an earlier state",
        NoRequest.Shape,
        Answers.Ok(GenerationBody.Schema).Or(ProblemKind.NotFound),
        async (_, call) => await cluster.RestoredAsync(call.Gone) is { } generation
            ? Answer.Ok(new GenerationBody(generation))
            : new Problem(ProblemKind.NotFound, "Expected a node that shares a database, found one alone: the first start on a backup of its data begins a generation by itself."));

    private static Problem NoMember(string id) => new(
        ProblemKind.NotFound, $"There is no member {Faults.Shown(id)} of which this could still be asked: /api/v1/cluster/members/ has those that are there.", ("member", id));
}

/// <summary>Which part of the shards.</summary>
internal sealed class ShardListRequest
{
    public static Shape<ShardListRequest> Shape { get; } = new Shape<ShardListRequest>()
        .Also(Paging<ShardListRequest>.Fields((request, value) => request.Limit = value, (request, value) => request.Offset = value, int.MaxValue));

    public int Limit { get; private set; } = Paging<ShardListRequest>.DefaultLimit;

    public int Offset { get; private set; }
}

/// <summary>Whose actors.</summary>
internal sealed class ShardActorsRequest
{
    /// <summary>As many as a cluster may have.</summary>
    public const int MostShards = 65_536;

    public static Shape<ShardActorsRequest> Shape { get; } = new Shape<ShardActorsRequest>()
        .Whole("shard", 0, MostShards - 1, (request, value) => request.Shard = (int)value, required: true)
        .Also(Paging<ShardActorsRequest>.Fields((request, value) => request.Limit = value, (request, value) => request.Offset = value, int.MaxValue));

    public int Shard { get; private set; }

    public int Limit { get; private set; } = Paging<ShardActorsRequest>.DefaultLimit;

    public int Offset { get; private set; }
}
