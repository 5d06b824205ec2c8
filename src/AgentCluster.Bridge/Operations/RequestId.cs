using Microsoft.AspNetCore.Http;

namespace AgentCluster.Bridge.Operations;

/// <summary>The id of a request. The server makes it up when it is first read, which most requests never need.</summary>
/// <param name="context">The request; not kept beyond it.</param>
internal readonly struct RequestId(HttpContext context)
{
    /// <inheritdoc/>
    public override string ToString() => context.TraceIdentifier;
}
