using System.Text.RegularExpressions;
using AgentCluster.Actors.Metrics;
using AgentCluster.Bridge.Metrics;
using AgentCluster.Node.Metrics;
using AgentCluster.Tests.Bridge;
using AgentCluster.Transport;

namespace AgentCluster.Tests.Architecture;

/// <summary>What an operator reads about is there, and what is there can be read about.</summary>
public sealed partial class OperatorGuideTests
{
    private static readonly string Guide = File.ReadAllText(Path.Combine(Repository.Root, "docs", "operator-guide.md"));

    // Broken on purpose: a metric renamed in the program, and one in the guide.
    [Fact]
    public async Task It_names_every_metric_and_none_that_there_is_not()
    {
        await using var node = await NodeUnderTest.StartAsync();
        var names = node.Bridge.Metrics.Concat(ProcessMetrics.All).Concat(new TransportCounts().All()).Select(PrometheusText.NameOf).ToHashSet(StringComparer.Ordinal);

        var named = Names().Matches(Guide).Select(match => Part().Replace(match.Value, string.Empty)).ToHashSet(StringComparer.Ordinal);

        Assert.Empty(names.Except(named));
        Assert.Empty(named.Except(names));
    }

    [Fact]
    public async Task It_says_what_tells_the_values_of_each_metric_apart()
    {
        await using var node = await NodeUnderTest.StartAsync();
        Assert.All(node.Bridge.Metrics.Concat(ProcessMetrics.All).Where(metric => metric.Labels.Count > 0), metric =>
            Assert.Contains($"| `{PrometheusText.NameOf(metric)}` | {string.Join(", ", metric.Labels)} |", Guide, StringComparison.Ordinal));
    }

    [Fact]
    public void It_says_which_part_of_the_program_each_hundred_of_events_belongs_to()
    {
        var said = Ranges().Matches(Guide).Select(match => (int.Parse(match.Groups["from"].Value, null), match.Groups["part"].Value));

        var used = LogIdTests.Ids().Select(found => (found.Id / 100 * 100, found.Folder.Replace("src/AgentCluster.", string.Empty, StringComparison.Ordinal))).Distinct();

        Assert.Equal(used.Order(), said.Order());
    }

    [GeneratedRegex(@"\b(agentcluster|process|dotnet)_[a-z_]+\b")]
    private static partial Regex Names();

    [GeneratedRegex("_bucket$")]
    private static partial Regex Part();

    [GeneratedRegex(@"^\| (?<from>\d{4})–\d{4} \| (?<part>[\w/]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Ranges();
}
