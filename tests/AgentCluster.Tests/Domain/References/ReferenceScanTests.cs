using System.Diagnostics;
using AgentCluster.Domain;
using AgentCluster.Domain.References;

namespace AgentCluster.Tests.Domain.References;

public sealed class ReferenceScanTests
{
    [Theory]
    [InlineData("Fix group/project#12 now", "group/project#12")]
    [InlineData("(see a/b/c!34, and !5.)", "a/b/c!34", "!5")]
    [InlineData("#12: the parser", "#12")]
    [InlineData("Due in %v1.2 or %\"Sprint 3\" or %17.", "%v1.2", "%\"Sprint 3\"", "%17")]
    [InlineData("Part of &9 and group&12? and grp/sub&12 and &roadmap", "&9", "grp/sub&12", "&roadmap")]
    [InlineData("Since 3f2a91c. Also 0123456789abcdef0123456789abcdef01234567", "3f2a91c", "0123456789abcdef0123456789abcdef01234567")]
    [InlineData("<https://github.com/a/b/pull/3#issuecomment-1>.", "https://github.com/a/b/pull/3#issuecomment-1")]
    [InlineData("http://gitlab.example.org/g/p/-/issues/7, then", "http://gitlab.example.org/g/p/-/issues/7")]
    [InlineData("#1 #1 #1", "#1")]
    [InlineData("Fix#12")]
    [InlineData("C#9 50%off R&D &amp; &lt; 100% wow! a & b && c %s %d # ! https://example.org/a#12 #12ab #12345678901")]
    [InlineData("defaced 1234567 deadbeef ABCDEF1 a1b2c3")]
    [InlineData("")]
    public void What_a_text_refers_to_is_found_as_it_is_written(string text, params string[] expected)
    {
        List<string> found = [];

        ReferenceScan.Find(text, found);

        Assert.Equal(expected, found);
    }

    [Fact]
    public void Not_more_than_two_hundred_are_kept()
    {
        List<string> found = [];

        ReferenceScan.Find(string.Join(' ', Enumerable.Range(1, 500).Select(number => $"#{number}")), found);

        Assert.Equal(Bounds.ListLength, found.Count);
    }

    // Method: the longest description of texts that make a backtracking recogniser slow. One pass takes about a
    // millisecond; one that goes back takes billions of steps.
    [Theory]
    [InlineData("a/")]
    [InlineData("%\"a")]
    [InlineData("https://github.com")]
    [InlineData("&a-")]
    [InlineData("#1")]
    [InlineData("0a")]
    public void The_longest_text_is_read_in_no_time(string unit)
    {
        var text = string.Concat(Enumerable.Repeat(unit, Bounds.TextLength / unit.Length));
        var watch = Stopwatch.StartNew();

        ReferenceScan.Find(text, []);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(1), $"{watch.Elapsed} for '{unit}'.");
    }
}
