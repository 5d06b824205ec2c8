using AgentCluster.Domain.Repositories;

namespace AgentCluster.Tests.Domain.Repositories;

/// <summary>One form for each path: all ways to write it are one, or are refused (RELIABILITY 47).</summary>
public sealed class RepositoryPathTests
{
    [Theory]
    [InlineData("a/b", "a/b")]
    [InlineData("/a/b", "a/b")]
    [InlineData("./a/b", "a/b")]
    [InlineData("a//b/", "a/b")]
    [InlineData("a/./b", "a/b")]
    [InlineData("A/é", "A/é")]
    [InlineData(".github/workflows", ".github/workflows")]
    [InlineData("file~1~", "file~1~")]
    [InlineData("100%", "100%")]
    public void Ways_to_write_a_path_are_one(string text, string form)
    {
        var path = Read(text);

        Assert.Equal((form, form), (path.Value, Read(path.Value).Value));
    }

    [Theory]
    [InlineData("a/../a", "found '..'")]
    [InlineData("%2e%2e/a", "found '..'")]
    [InlineData("a%2fb", "found '..'")]
    [InlineData("a\\b", "found '\\'")]
    [InlineData("c:/a", "without ':'")]
    [InlineData("a::$DATA", "without ':'")]
    [InlineData("a.", "do not end with a dot or a space")]
    [InlineData("a /b", "do not end with a dot or a space")]
    [InlineData(".git/config", "'.git'")]
    [InlineData("a/.GIT", "one of git's own")]
    [InlineData("nul", "a device on Windows")]
    [InlineData("Com1.txt", "a device on Windows")]
    [InlineData("PROGRA~1.TXT", "short name")]
    [InlineData("git~1", "short name")]
    [InlineData("e\u0301", "has two spellings")]
    [InlineData("\u212b", "has two spellings")]
    [InlineData("a\u200bb", "can be seen")]
    [InlineData("a\nb", "U+000A")]
    [InlineData("a\0b", "without NUL")]
    [InlineData("", "the root of the repository")]
    [InlineData("/", "the root of the repository")]
    public void What_may_mean_another_file_is_refused_in_words(string text, string problem)
    {
        Assert.False(RepositoryPath.TryRead(text, PathCase.Kept, out _, out var found));

        Assert.Contains(problem, found, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_case_is_ignored_the_form_is_in_lower_case()
    {
        Assert.True(RepositoryPath.TryRead("SRC/É.cs", PathCase.Ignored, out var path, out _));

        Assert.Equal("src/é.cs", path.Value);
    }

    // Broken on purpose: './' kept.
    [Fact]
    public void All_aliases_of_a_generated_path_have_its_form_and_other_paths_have_others()
    {
        Random random = new(1);
        Dictionary<string, string> forms = new(StringComparer.Ordinal);
        for (var i = 0; i < 2_000; i++)
        {
            var names = Enumerable.Range(0, random.Next(1, 5)).Select(_ => random.GetString("abA.é-_", random.Next(1, 4)) + "x").ToArray();
            var plain = string.Join('/', names);
            var alias = (random.Next(2) == 0 ? "/" : "") + string.Join(random.Next(3) switch { 0 => "/", 1 => "//", _ => "/./" }, names) + (random.Next(2) == 0 ? "/" : "");

            Assert.Equal(plain, Read(alias).Value);
            Assert.Equal(plain, forms.TryGetValue(Read(plain).Value, out var other) ? other : forms[plain] = plain);
        }
    }

    private static RepositoryPath Read(string text)
    {
        Assert.True(RepositoryPath.TryRead(text, PathCase.Kept, out var path, out var problem), problem);
        return path;
    }
}
