using System.Text.Json;
using AgentCluster.Client;

namespace AgentCluster.Cli.Nodes;

/// <summary>What became of a request to a node: its answer, or why there is none, and how <c>pbm</c> ends.</summary>
/// <param name="ExitCode">One of <see cref="ExitCodes"/>.</param>
/// <param name="Answer">Null when there is none, or nothing to say.</param>
/// <param name="Words">Why there is no answer, a line each; empty when it was done.</param>
internal sealed record NodeAnswer(int ExitCode, JsonElement? Answer, IReadOnlyList<string> Words)
{
    public static NodeAnswer Without(int exitCode, params IReadOnlyList<string> words) => new(exitCode, null, words);
}

/// <summary>Which node, as whom, and for how long.</summary>
/// <param name="Address">As the user wrote it.</param>
/// <param name="Key">The secret to show; null for none. It goes into a header and nowhere else.</param>
/// <param name="Patience">How long a command may wait in all.</param>
internal sealed record Target(string Address, string? Key, TimeSpan Patience)
{
    /// <summary>The same with more patience.</summary>
    /// <param name="more">How much.</param>
    public Target Plus(TimeSpan more) => this with { Patience = Patience + more };

    /// <summary>As the client takes it; null when the address is none.</summary>
    public ClusterOptions? Options => Uri.TryCreate(Address, UriKind.Absolute, out var node) && node.Scheme is "http" or "https"
        ? new(node) { Secret = Key, Patience = Patience }
        : null;
}
