using AgentCluster.Bridge.Problems;
using Microsoft.AspNetCore.Http;

namespace AgentCluster.Bridge.Http;

/// <summary>Reads the headers that every write understands.</summary>
internal static class RequestHead
{
    public const string IdempotencyKey = "Idempotency-Key";

    private const int LongestKey = 255;

    /// <summary>Reads the Idempotency-Key.</summary>
    /// <param name="request">The request.</param>
    /// <param name="key">The key, or null when none was sent.</param>
    /// <returns>What is wrong with it, or null.</returns>
    public static Problem? TryReadKey(HttpRequest request, out string? key)
    {
        key = null;
        if (!request.Headers.TryGetValue(IdempotencyKey, out var values))
        {
            return null;
        }

        if (values is not [{ Length: >= 1 and <= LongestKey } text] || text.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            return Problem.Invalid(IdempotencyKey, "must be one header of 1 to 255 printable ASCII characters without spaces.");
        }

        key = text;
        return null;
    }

    /// <summary>Reads the handle that the caller presents.</summary>
    /// <param name="request">The request.</param>
    /// <param name="handle">The handle, or null when none was sent: then local trust applies.</param>
    /// <returns>What is wrong with the header, or null.</returns>
    public static Problem? TryReadHandle(HttpRequest request, out string? handle)
    {
        handle = null;
        var header = request.Headers.Authorization;
        if (header.Count == 0)
        {
            return null;
        }

        const string Scheme = "Bearer ";
        if (header is not [{ } text] || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) || text.Length > 1_000)
        {
            return new(ProblemKind.Unauthorized, "Expected 'Authorization: Bearer <handle>', found another scheme.");
        }

        handle = text[Scheme.Length..].Trim();
        return null;
    }
}
