namespace AgentCluster.Tests.Bridge.Fuzz;

/// <summary>What is wrong with a request.</summary>
public enum Malformed
{
    /// <summary>The body: cut, noise, of the wrong sort, with fields that are unknown, twice, missing or wrong.</summary>
    Body,

    /// <summary>A variable of the path.</summary>
    Id,

    /// <summary>A header that says what is sent, or where from, or what was seen.</summary>
    Header,

    /// <summary>The path or the method.</summary>
    Path,

    /// <summary>A parameter that is unknown, twice, missing or wrong.</summary>
    Query,

    /// <summary>Where a list or a stream is to begin.</summary>
    Cursor,

    /// <summary>A fencing token: no token at all, or not the one that counts.</summary>
    Token,

    /// <summary>An Idempotency-Key or an access key.</summary>
    Key,
}

/// <summary>One request that must be refused.</summary>
/// <param name="Request">To send.</param>
/// <param name="Field">What a refusal with 400 must name; null where it is up to the node.</param>
/// <param name="Sent">The body, for the message when it was not refused.</param>
internal sealed record Attempt(HttpRequestMessage Request, string? Field = null, string Sent = "");
