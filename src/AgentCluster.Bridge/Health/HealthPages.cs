using System.Text;
using AgentCluster.Bridge.Http;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using Microsoft.AspNetCore.Http;

namespace AgentCluster.Bridge.Health;

/// <summary>What a supervisor and a curious person ask first: is it alive, is it ready, what is it.</summary>
/// <param name="notReady">Why the node cannot serve now; null when it can.</param>
internal sealed class HealthPages(Func<string?> notReady)
{
    private static readonly byte[] Live = "{\"status\":\"live\"}\n"u8.ToArray();
    private static readonly byte[] Ready = "{\"status\":\"ready\"}\n"u8.ToArray();
    private static readonly byte[] About = Encoding.UTF8.GetBytes(
        """
        AgentCluster coordinates agents that work on the same projects.

        GET  /health/ready                  whether the node can serve
        GET  /api/v1/cluster/status/        what it carries
        GET  /api/v1/tasks/available/       what can be worked on
        POST /api/v1/tasks/claim/           the sole right to work on the best of it: {"agent":"..."}

        From a shell: pbm status

        """);

    private static readonly Dictionary<string, byte[]> Explanations = ProblemKind.All.ToDictionary(
        kind => kind.Code, kind => Encoding.UTF8.GetBytes($"{kind.Code} ({kind.Status})\n\n{kind.Title}\n{kind.Advice}\n"), StringComparer.Ordinal);

    public static Task LiveAsync(HttpContext context) => WriteAsync(context, "application/json", Live);

    public Task ReadyAsync(HttpContext context)
    {
        if (notReady() is { } why)
        {
            AnswerWriting.Write(context.Response, Unanswered.NotDone(ProblemKind.Unavailable, why, retryAfter: 1));
            return Task.CompletedTask;
        }

        return WriteAsync(context, "application/json", Ready);
    }

    public static Task AboutAsync(HttpContext context) => WriteAsync(context, "text/plain; charset=utf-8", About);

    /// <summary>Explains a problem kind: where <c>type</c> of every problem points.</summary>
    public static Task ExplainAsync(HttpContext context)
    {
        if (Explanations.TryGetValue((string)context.Request.RouteValues["code"]!, out var text))
        {
            return WriteAsync(context, "text/plain; charset=utf-8", text);
        }

        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private static Task WriteAsync(HttpContext context, string type, byte[] body)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, 0, body.Length);
    }
}
