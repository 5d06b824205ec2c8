using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using Microsoft.AspNetCore.Http;

namespace AgentCluster.Bridge.Http;

/// <summary>Says in the contract's form what routing alone says with a bare status: no such path, no such method.</summary>
internal static class Fallbacks
{
    /// <summary>Answers a request that nobody has answered.</summary>
    /// <param name="context">Any; one that was answered is left alone.</param>
    public static void Answer(HttpContext context)
    {
        var response = context.Response;
        if (response.HasStarted || response.ContentType is not null)
        {
            return;
        }

        if (response.StatusCode == StatusCodes.Status404NotFound)
        {
            AnswerWriting.Write(response, new Problem(
                ProblemKind.NotFound, $"Expected a path of the API, found '{Faults.Shown(context.Request.Path.Value ?? string.Empty)}'."));
        }
        else if (response.StatusCode == StatusCodes.Status405MethodNotAllowed)
        {
            AnswerWriting.Write(response, new Problem(
                ProblemKind.MethodNotAllowed,
                $"Expected one of {response.Headers.Allow}, found '{Faults.Shown(context.Request.Method)}'."));
        }
    }
}
