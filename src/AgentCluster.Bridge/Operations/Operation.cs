using AgentCluster.Bridge.Shapes;

namespace AgentCluster.Bridge.Operations;

/// <summary>
/// One thing that can be asked of the node: its name, its request, and what it does. Every face (HTTP now) offers the
/// same operations, so that each is written once.
/// </summary>
/// <typeparam name="TRequest">The request.</typeparam>
/// <param name="Name">snake_case, subject first: <c>task_claim</c>. Unique.</param>
/// <param name="Request">What the request may hold.</param>
/// <param name="RunAsync">One command, and its reply as an answer. Refusals are answers; it throws only what <see cref="Unanswered"/> maps.</param>
internal sealed record Operation<TRequest>(
    string Name, Shape<TRequest> Request, Func<TRequest, Call, ValueTask<Answer>> RunAsync)
    where TRequest : class, new();

/// <summary>The request of an operation that needs none.</summary>
internal sealed class NoRequest
{
    public static Shape<NoRequest> Shape { get; } = new();
}
