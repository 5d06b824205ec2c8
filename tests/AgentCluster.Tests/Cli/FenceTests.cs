using AgentCluster.Cli.Fence;

namespace AgentCluster.Tests.Cli;

/// <summary>Which commits of a range may not be brought in.</summary>
public sealed class FenceTests
{
    private static readonly Dictionary<string, TaskClaims?> Claims = new()
    {
        ["held"] = new(new HashSet<long> { 5, 9 }, 9, Stands: true, "running"),
        ["lapsed"] = new(new HashSet<long> { 3 }, 3, Stands: false, "pending"),
        ["none"] = null,
    };

    // Broken on purpose: that the last holder built on anything counts for every commit ("held 5, held 9").
    // Newest first, each the child of the one behind it unless said otherwise.
    [Theory]
    [InlineData("held 9", "")]
    [InlineData("held 9, held 5", "")]
    [InlineData("held 5", "superseded")]
    [InlineData("held 5, held 9", "superseded ok")]
    [InlineData("held 9, - -, held 5", "ok unmarked ok")]
    [InlineData("held 7", "unknown_token")]
    [InlineData("none 1", "unknown_task")]
    [InlineData("lapsed 3", "not_held")]
    [InlineData("held -", "unmarked")]
    [InlineData("- 9", "unmarked")]
    public void Each_commit_is_under_the_last_claim_or_what_its_holder_built_on(string said, string expected)
    {
        var range = said.Split(", ").Select((one, i) => Commit($"c{i}", [$"c{i + 1}"], one)).ToList();

        Assert.Equal(Said(range, expected), Verification.Objections(range, Claims, allowUnmarked: false).Select(one => (one.Commit, one.Code)));
    }

    // Broken on purpose: that the last holder built on anything counts for every commit.
    [Fact]
    public void A_stale_branch_that_was_merged_beside_the_holders_is_found()
    {
        MarkedCommit[] range = [new("m", ["new", "old"], null, null), Commit("new", ["base"], "held 9"), Commit("old", ["base"], "held 5")];

        Assert.Equal([("old", "superseded")], Verification.Objections(range, Claims, allowUnmarked: false).Select(one => (one.Commit, one.Code)));
    }

    [Fact]
    public void What_is_unmarked_may_be_let_through() =>
        Assert.Empty(Verification.Objections([Commit("c", [], "- -")], Claims, allowUnmarked: true));

    private static IEnumerable<(string, string)> Said(List<MarkedCommit> range, string expected) =>
        expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Zip(range, (code, commit) => (commit.Id, code)).Where(pair => pair.code != "ok");

    private static MarkedCommit Commit(string id, string[] parents, string said)
    {
        var (task, token) = (said.Split(' ')[0], said.Split(' ')[1]);
        return new(id, parents, task == "-" ? null : task, token == "-" ? null : long.Parse(token, System.Globalization.CultureInfo.InvariantCulture));
    }
}
