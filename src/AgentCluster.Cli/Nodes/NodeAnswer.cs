using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentCluster.Cli.Nodes;

/// <summary>What became of a request to a node: its answer, or why there is none, and how <c>pbm</c> ends.</summary>
/// <param name="ExitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="Answer">Null when there is none, or nothing to say.</param>
/// <param name="Words">Why there is no answer, a line each; empty when it was done.</param>
internal sealed record NodeAnswer(int ExitCode, JsonElement? Answer, IReadOnlyList<string> Words)
{
    public static NodeAnswer Without(int exitCode, params IReadOnlyList<string> words) => new(exitCode, null, words);
}

/// <summary>One request to a node.</summary>
/// <param name="Method">HTTP's.</param>
/// <param name="Path">Path and query, beginning with a slash.</param>
/// <param name="Body">Sent as JSON; null for none.</param>
internal sealed record NodeRequest(HttpMethod Method, string Path, JsonObject? Body = null)
{
    /// <summary>A body that is no JSON object, made anew for each try; null for none.</summary>
    public Func<HttpContent>? Content { get; init; }

    /// <summary>What makes a repeat of a write do nothing twice; null for reads, and for imports, whose rows have an identity.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Whether sending it again does no harm and helps.</summary>
    public bool IsRepeated => IdempotencyKey is not null || Content is not null;
}

/// <summary>Which node, as whom, and for how long.</summary>
/// <param name="Address">As the user wrote it.</param>
/// <param name="Key">The secret to show; null for none. It goes into a header and nowhere else.</param>
/// <param name="Patience">How long a command may wait in all.</param>
internal sealed record Target(string Address, string? Key, TimeSpan Patience)
{
    /// <summary>The address, or null when it is none.</summary>
    public Uri? Node => Uri.TryCreate(Address, UriKind.Absolute, out var node) && node.Scheme is "http" or "https" ? node : null;
}
