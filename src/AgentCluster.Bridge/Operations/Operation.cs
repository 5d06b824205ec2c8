using System.Buffers;
using AgentCluster.Bridge.Guards;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain.Access;

namespace AgentCluster.Bridge.Operations;

/// <summary>
/// One thing that can be asked of the node, and all that is known of it without asking: every face (HTTP, MCP) offers
/// the same operations, guards them by the same scopes, and describes them from here.
/// </summary>
/// <param name="Name">snake_case, subject first: <c>task_claim</c>. Unique.</param>
/// <param name="Scope">What the caller must have been given.</param>
/// <param name="Summary">What it does, in one line that starts with a verb and ends without a full stop.</param>
/// <param name="Answers">What it answers beyond what every operation may answer.</param>
internal abstract record Operation(string Name, Scope Scope, string Summary, Answers Answers)
{
    /// <summary>Whether the caller is found out although no scope is asked for: what it does has scopes of its own.</summary>
    public bool KnowsCaller { get; init; }

    /// <summary>What the request may hold, without what names its subject.</summary>
    public abstract ObjectSchema Describe();
}

/// <summary>An operation whose request is of one shape.</summary>
/// <typeparam name="TRequest">The request.</typeparam>
/// <param name="Name">snake_case, subject first; unique.</param>
/// <param name="Scope">What the caller must have been given.</param>
/// <param name="Summary">What it does, in one line.</param>
/// <param name="Request">What the request may hold.</param>
/// <param name="Answers">What it answers.</param>
/// <param name="RunAsync">One command, and its reply as an answer. Refusals are answers; it throws only what <see cref="Unanswered"/> maps.</param>
internal sealed record Operation<TRequest>(
    string Name, Scope Scope, string Summary, Shape<TRequest> Request, Answers Answers, Func<TRequest, Call, ValueTask<Answer>> RunAsync)
    : Operation(Name, Scope, Summary, Answers), IAskable
    where TRequest : class, new()
{
    /// <inheritdoc/>
    public async ValueTask<Answer> AskAsync(ReadOnlySequence<byte> json, Call call, Reach reach)
    {
        var faults = new Faults();
        var request = Request.Read(json, faults);
        return faults.Any ? faults.ToProblem()
            : await reach.RefuseAsync(Name, request, call) is { } refused ? refused
            : await RunAsync(request, call);
    }

    /// <inheritdoc/>
    public override ObjectSchema Describe() => Request.Describe();
}

/// <summary>An operation that is asked with its whole request as JSON, by faces that are not HTTP.</summary>
internal interface IAskable
{
    /// <summary>Reads the request strictly, and runs the operation once.</summary>
    /// <param name="json">The request, without what names its subject.</param>
    /// <param name="call">Who calls, about what. It has the operation's scope.</param>
    /// <param name="reach">Keeps callers within their project and agent.</param>
    ValueTask<Answer> AskAsync(ReadOnlySequence<byte> json, Call call, Reach reach);
}

/// <summary>An operation that a route answers by itself, because its body or its answer is a stream or a page.</summary>
/// <param name="Name">snake_case, subject first; unique.</param>
/// <param name="Scope">What the caller must have been given.</param>
/// <param name="Summary">What it does, in one line.</param>
/// <param name="Query">What the query may hold.</param>
/// <param name="Takes">The media types of its body; none where it has none.</param>
/// <param name="Answers">What it answers.</param>
internal sealed record Streaming(
    string Name, Scope Scope, string Summary, ObjectSchema Query, IReadOnlyList<string> Takes, Answers Answers)
    : Operation(Name, Scope, Summary, Answers)
{
    /// <inheritdoc/>
    public override ObjectSchema Describe() => Query;
}

/// <summary>The request of an operation that needs none.</summary>
internal sealed class NoRequest
{
    public static Shape<NoRequest> Shape { get; } = new();
}
