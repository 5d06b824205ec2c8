using System.Diagnostics;
using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.ResourcePool;

namespace AgentCluster.Bridge.Resources;

/// <summary>What there is to share.</summary>
internal static class PoolCalls
{
    /// <summary>All pools.</summary>
    public static Operation<NoRequest> List(ResourceCalls resources) => new(
        "resource_list",
        Scope.TasksRead,
        "Lists what there is to share, and how much of it can still be had",
        NoRequest.Shape,
        Answers.Ok(PoolsBody.Schema),
        async (_, _) => Answer.Ok(new PoolsBody(await resources.AskAsync(new PoolCommand.ReadPools(), id: null))));

    /// <summary>Says how much there is of the resource that the path names.</summary>
    public static Operation<DeclareRequest> Declare(ResourceCalls resources) => new(
        "resource_declare",
        Scope.Ops,
        "Says how much there is of a resource; what is given away stays given",
        DeclareRequest.Shape,
        Answers.Created(PoolBody.Schema).OrOk(PoolBody.Schema).Or(ProblemKind.PoolsFull),
        async (request, call) => !Amount.IsExact(request.Total)
            ? Problem.Invalid("total", "must have at most three decimals.")
            : await resources.AskAsync(new PoolCommand.DeclarePool(call.Subject, request.Total, request.Unit), call.Id(null)) switch
            {
                DeclareReply.Declared { Created: true } declared => Answer.Created(new PoolBody(declared.Pool), location: null),
                DeclareReply.Declared declared => Answer.Ok(new PoolBody(declared.Pool)),
                DeclareReply.TooMany full => new Problem(ProblemKind.PoolsFull, FormattableString.Invariant($"Expected at most {full.Most} resources, found as many.")),
                var other => throw new UnreachableException($"Untranslated reply {other.GetType().Name}."),
            });
}

/// <summary>How much there is.</summary>
internal sealed class DeclareRequest
{
    public static Shape<DeclareRequest> Shape { get; } = new Shape<DeclareRequest>()
        .Amount("total", Amount.Most, (request, value) => request.Total = value, required: true)
        .Text("unit", Pool.MostUnit, (request, value) => request.Unit = value, form: Forms.Line);

    public decimal Total { get; private set; }

    public string? Unit { get; private set; }
}

/// <summary>A pool as it is shown.</summary>
/// <param name="View">The pool, and how much of it is given away.</param>
internal sealed record PoolBody(PoolView View) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("ResourcePool")
        .With("name", Is.Text)
        .With("total", Is.Amount)
        .With("allocated", Is.Amount)
        .With("available", Is.Amount)
        .With("unit", Is.Text);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, View.Pool.Name);
        json.WriteNumber("total"u8, View.Pool.Total);
        json.WriteNumber("allocated"u8, View.Allocated);
        json.WriteNumber("available"u8, View.Available);
        json.WriteString("unit"u8, View.Pool.Unit);
        json.WriteEndObject();
    }
}

/// <summary>All pools.</summary>
/// <param name="Reply">By name.</param>
internal sealed record PoolsBody(PoolsReply Reply) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("ResourcePools").PageOf(PoolBody.Schema);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WritePage(Reply.Pools.Select(each => new PoolBody(each)), Reply.Pools.Count);
        json.WriteEndObject();
    }
}
