using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace AgentCluster.Client.Calls;

/// <summary>One request to a node.</summary>
/// <param name="Method">HTTP's.</param>
/// <param name="Path">Path and query, beginning with a slash.</param>
/// <param name="Body">Sent as JSON; null for none.</param>
public sealed record NodeRequest(HttpMethod Method, string Path, JsonObject? Body = null)
{
    /// <summary>A body that is no JSON object, made anew for each try; null for none.</summary>
    public Func<HttpContent>? Content { get; init; }

    /// <summary>What makes a repeat of a write do nothing twice; null for reads, and for imports, whose rows have an identity.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>How long the node may keep silent on purpose: a long poll.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>Whether a read is worth sending again when the node is away.</summary>
    public bool IsPatient { get; init; }

    internal bool IsRepeated => IdempotencyKey is not null || Content is not null || IsPatient;

    /// <summary>A key that nobody else has.</summary>
    public static string NewKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
