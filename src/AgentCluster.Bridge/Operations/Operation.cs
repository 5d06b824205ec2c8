using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain.Access;

namespace AgentCluster.Bridge.Operations;

/// <summary>
/// One thing that can be asked of the node, and all that is known of it without asking: every face (HTTP now) offers
/// the same operations, guards them by the same scopes, and describes them from here.
/// </summary>
/// <param name="Name">snake_case, subject first: <c>task_claim</c>. Unique.</param>
/// <param name="Scope">What the caller must have been given.</param>
/// <param name="Summary">What it does, in one line that starts with a verb and ends without a full stop.</param>
/// <param name="Answers">What it answers beyond what every operation may answer.</param>
internal abstract record Operation(string Name, Scope Scope, string Summary, Answers Answers)
{
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
    : Operation(Name, Scope, Summary, Answers)
    where TRequest : class, new()
{
    /// <inheritdoc/>
    public override ObjectSchema Describe() => Request.Describe();
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
