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
            response.HttpContext.Features.Set(problem.Kind);
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
        if (body is IVersioned versioned && IsKnown(response, answer.Status, versioned.Version, bytes))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            headers.ContentType = default;
            return;
        }

        response.ContentLength = bytes.Length;
        response.BodyWriter.Write(bytes);
    }

    /// <summary>Tags an answer that shows the thing at the request's path, or at its Location.</summary>
    /// <returns>Whether the caller has it already.</returns>
    private static bool IsKnown(HttpResponse response, int status, long version, ReadOnlySpan<byte> shown)
    {
        var request = response.HttpContext.Request;
        if (HttpMethods.IsGet(request.Method))
        {
            var tag = Tags.Of(version, shown);
            response.Headers.ETag = tag;
            return Tags.IsKnown(request, tag);
        }

        if (status == StatusCodes.Status201Created || !HttpMethods.IsPost(request.Method))
        {
            response.Headers.ETag = Tags.Of(version);
        }

        return false;
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
