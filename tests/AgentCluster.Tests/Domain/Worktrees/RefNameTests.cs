using AgentCluster.Domain.Worktrees;

namespace AgentCluster.Tests.Domain.Worktrees;

public sealed class RefNameTests
{
    [Theory]
    [InlineData("main")]
    [InlineData("feature/parser-2")]
    [InlineData("v1.2.3")]
    [InlineData("käse")]
    public void What_git_takes_for_a_branch_is_taken(string name) => Assert.Null(RefName.Problem(name));

    [Theory]
    [InlineData("")]
    [InlineData("--upload-pack=x")]
    [InlineData("-d")]
    [InlineData("a b")]
    [InlineData("a..b")]
    [InlineData("a~1")]
    [InlineData("a^{tree}")]
    [InlineData("main@{1}")]
    [InlineData("@")]
    [InlineData("refs/heads/x.lock")]
    [InlineData("/main")]
    [InlineData("main/")]
    [InlineData("a//b")]
    [InlineData(".hidden")]
    [InlineData("a/.b")]
    [InlineData("end.")]
    [InlineData("a\nb")]
    [InlineData("a:b")]
    public void What_is_an_option_an_expression_or_no_name_is_refused(string name) => Assert.NotNull(RefName.Problem(name));
}
