using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Server;
using AgentCluster.Domain.Access;
using Microsoft.AspNetCore.Http;

namespace AgentCluster.Bridge.OpenApi;

/// <summary>Where the description of all routes is found, this one among them.</summary>
internal static class DocumentRoutes
{
    /// <summary>The route.</summary>
    /// <param name="routes">All that the node offers; asked for when the document is first read.</param>
    public static IEnumerable<Route> All(Func<IReadOnlyList<Route>> routes)
    {
        var document = new Lazy<byte[]>(() => Document.Write(routes()));
        return
        [
            Route.Streamed(
                HttpMethods.Get,
                "/openapi/v1.json",
                new("openapi_show", Scope.Ops, "Describes every call of this node", Is.Object(), [], Answers.Ok(Is.Free)),
                context => AnswerAsync(context, document.Value)),
        ];
    }

    private static async Task AnswerAsync(HttpContext context, byte[] document)
    {
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = document.Length;
        await context.Response.BodyWriter.WriteAsync(document);
    }
}
