using System.Text.Json;
using AgentCluster.Cli;

namespace AgentCluster.Tests.Cli;

/// <summary>How a command of <c>pbm</c> ended.</summary>
internal sealed record Ran(int Code, string Data, string Words)
{
    public JsonElement Json => JsonDocument.Parse(Data).RootElement;

    public static Task<Ran> OfAsync(Uri node, params string[] args) => OfAsync(node, key: null, args);

    /// <param name="node">What AGENTCLUSTER_URL says.</param>
    /// <param name="key">What AGENTCLUSTER_KEY says.</param>
    /// <param name="args">The command line.</param>
    /// <param name="input">What is piped in.</param>
    public static async Task<Ran> OfAsync(Uri node, string? key, string[] args, TextReader? input = null)
    {
        var (data, words) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var code = await Pbm.RunAsync(
            args,
            data,
            words,
            isTerminal: false,
            name => name switch { "AGENTCLUSTER_URL" => node.ToString(), "AGENTCLUSTER_KEY" => key, _ => null },
            input);
        return new(code, data.ToString(), words.ToString());
    }

    /// <summary>Asserts that it was done, and that nothing was said but the answer.</summary>
    public Ran IsDone()
    {
        Assert.True(Code == 0 && Words.Length == 0, $"Expected exit 0 without words, found {Code}: {Words}");
        return this;
    }
}
