using AgentCluster.Cli.Output;

namespace AgentCluster.Tests.Cli;

/// <summary>Other people's text cannot drive somebody's terminal.</summary>
public sealed class PrintableTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("Grüße, 世界 🙂", "Grüße, 世界 🙂")]
    [InlineData("\u001b[31mred", "\\u001b[31mred")]
    [InlineData("a\nb\tc\rd", "a\\nb\\tc\\rd")]
    [InlineData("\u009b2J", "\\u009b2J")]
    [InlineData("abc\u202Edef", "abc\\u202edef")]
    [InlineData("x\u2028y\u200by", "x\\u2028y\\u200by")]
    [InlineData("\u007f\b", "\\u007f\\u0008")]
    public void What_moves_a_cursor_is_shown_instead_of_sent(string text, string shown) => Assert.Equal(shown, Printable.Of(text));
}
