using System.Text.RegularExpressions;

namespace AgentCluster.Tests.Architecture;

/// <summary>One concept, one folder, one word: a file that takes everything hides a concept.</summary>
public sealed partial class FileTests(ITestOutputHelper output)
{
    // A ratchet: it may be lowered, never raised.
    private const int LongestAllowed = 400;

    [Fact]
    public void No_source_file_takes_everything()
    {
        var files = ProjectFile.Sources("src").Select(path => (Lines: File.ReadLines(path).Count(), Path: Path.GetRelativePath(Repository.Root, path)))
            .OrderByDescending(file => file.Lines).ToList();
        foreach (var (lines, path) in files.Take(5))
        {
            output.WriteLine($"{lines,4} {path}");
        }

        Assert.DoesNotContain(files, file => file.Lines > LongestAllowed);
    }

    [Fact]
    public void No_type_is_named_for_what_it_is_not()
    {
        var vague = ProjectFile.Sources("src").Select(path => Path.GetFileNameWithoutExtension(path))
            .Where(name => Vague().IsMatch(name));

        Assert.Empty(vague);
    }

    // Broken on purpose: a Task.Delay in a system test.
    [Fact]
    public void No_test_waits_by_the_clock()
    {
        // A benchmark offers its load by the clock.
        var sleeping = ProjectFile.Sources("tests").Where(path => !path.EndsWith("FileTests.cs", StringComparison.Ordinal))
            .Where(path => !path.Contains("AgentCluster.Benchmarks", StringComparison.Ordinal))
            .Where(path => Sleeps().IsMatch(File.ReadAllText(path)))
            .Select(path => Path.GetRelativePath(Repository.Root, path));

        Assert.Empty(sleeping);
    }

    [Fact]
    public void No_test_is_skipped()
    {
        var skipped = ProjectFile.Sources("tests").Where(path => !path.EndsWith("FileTests.cs", StringComparison.Ordinal))
            .Where(path => Skips().IsMatch(File.ReadAllText(path)))
            .Select(path => Path.GetRelativePath(Repository.Root, path));

        Assert.Empty(skipped);
    }

    [GeneratedRegex("(Manager|Helper|Helpers|Util|Utils|Base|Impl)$")]
    private static partial Regex Vague();

    [GeneratedRegex(@"Thread\.Sleep|Task\.Delay\([^,;]*\)")]
    private static partial Regex Sleeps();

    [GeneratedRegex(@"\bSkip\s*=|Assert\.Skip|SkipUnless|SkipWhen")]
    private static partial Regex Skips();
}
