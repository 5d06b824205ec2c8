using System.Buffers;
using System.Globalization;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using Microsoft.AspNetCore.Http;

namespace AgentCluster.Bridge.Http;

/// <summary>Puts an answer into the response. It is formed whole before its first byte goes out, so its length is known and a bug leaves no half answer.</summary>
internal static class AnswerWriting
{
    /// <summary>Writes an answer.</summary>
    /// <param name="response">Not started.</param>
    /// <param name="answer">What to write.</param>
    public static void Write(HttpResponse response, in Answer answer)
    {
        response.StatusCode = answer.Status;
        var headers = response.Headers;
        if (answer.Location is { } location)
        {
            headers.Location = location;
        }

        if (answer.Problem is { } problem)
        {
            WriteHeaders(headers, problem);
        }
        else if (answer.Body is not null)
        {
            headers.ContentType = "application/json";
        }

        // Answers may hold secrets, and are untrue a moment later.
        headers.CacheControl = "no-store";
        if (answer.Body is not { } body)
        {
            return;
        }

        headers.XContentTypeOptions = "nosniff";
        using var json = new PooledJson();
        body.Write(json.Writer);
        var bytes = json.Bytes();
        response.ContentLength = bytes.Length;
        response.BodyWriter.Write(bytes);
    }

    private static void WriteHeaders(IHeaderDictionary headers, Problem problem)
    {
        headers.ContentType = "application/problem+json";
        if (problem.RetryAfterSeconds is { } seconds)
        {
            headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (problem.Kind == ProblemKind.Unauthorized)
        {
            headers.WWWAuthenticate = "Bearer";
        }
    }
}
