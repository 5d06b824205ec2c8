using AgentCluster.Bridge.Problems;
using AgentCluster.Domain;
using Microsoft.AspNetCore.Http;

namespace AgentCluster.Bridge.Http;

/// <summary>Reads the headers that every write understands.</summary>
internal static class RequestHead
{
    public const string IdempotencyKey = "Idempotency-Key";

    /// <summary>Characters of an Idempotency-Key at most.</summary>
    public const int LongestKey = 255;

    private const int LongestBearer = 1_000;

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

    /// <summary>Reads the handle or the key that the caller presents.</summary>
    /// <param name="request">The request.</param>
    /// <param name="presented">As presented, or null when the header is not as it must be.</param>
    /// <returns>What is wrong with the header, or null.</returns>
    public static Problem? TryReadBearer(HttpRequest request, out Secret? presented)
    {
        const string Scheme = "Bearer ";
        presented = request.Headers.Authorization is [{ Length: <= LongestBearer } text] && text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? new(text[Scheme.Length..].Trim())
            : null;
        return presented is null ? new(ProblemKind.Unauthorized, "Expected one 'Authorization: Bearer acl_…', found something else.") : null;
    }
}
