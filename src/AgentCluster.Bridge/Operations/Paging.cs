using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;

namespace AgentCluster.Bridge.Operations;

/// <summary>The page of a list that is wanted.</summary>
/// <typeparam name="TRequest">The list's request.</typeparam>
internal static class Paging<TRequest>
    where TRequest : class, new()
{
    /// <summary>Items on a page unless the request says otherwise.</summary>
    public const int DefaultLimit = 50;

    /// <summary>Adds <c>limit</c> and <c>offset</c>.</summary>
    /// <param name="limit">Takes the limit.</param>
    /// <param name="offset">Takes the offset.</param>
    /// <param name="deepest">The largest offset allowed.</param>
    public static Func<Shape<TRequest>, Shape<TRequest>> Fields(Action<TRequest, int> limit, Action<TRequest, int> offset, int deepest) => shape => shape
        .Whole("limit", 1, Bounds.PageLength, (request, value) => limit(request, (int)value))
        .Whole("offset", 0, deepest, (request, value) => offset(request, (int)value));
}
