using System.Text.RegularExpressions;

namespace AgentCluster.Tests.Architecture;

/// <summary>The first thing a newcomer types works.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void It_opens_with_the_two_commands()
    {
        var firstBlock = File.ReadLines(Path.Combine(Repository.Root, "README.md"))
            .SkipWhile(line => !line.StartsWith("```", StringComparison.Ordinal)).Skip(1)
            .TakeWhile(line => !line.StartsWith("```", StringComparison.Ordinal))
            .Select(line => line.Split('#')[0].Trim());

        Assert.Equal(["dotnet run --project src/AgentCluster.Node", "./test.sh"], firstBlock);
    }

    [Fact]
    public void Both_commands_exist()
    {
        Assert.True(File.Exists(Path.Combine(Repository.Root, "src/AgentCluster.Node/AgentCluster.Node.csproj")));
        Assert.True(IsExecutable("test.sh"));
        Assert.True(IsExecutable(".ci/run"));
    }

    // Broken on purpose: ReadyQueue.cs named ReadyList.cs in the text.
    [Fact]
    public void Every_file_that_the_architecture_names_exists()
    {
        var files = new[] { "src", "tests" }.SelectMany(ProjectFile.Sources).Select(path => path.Replace("/AgentCluster.", "/", StringComparison.Ordinal)).ToList();
        var named = SourceNames().Matches(File.ReadAllText(Path.Combine(Repository.Root, "src", "ARCHITECTURE.md")))
            .Select(match => match.Groups["path"].Value.Replace("/AgentCluster.", "/", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(files, file => file.EndsWith("/" + name, StringComparison.Ordinal)));
    }

    [GeneratedRegex("`(?<path>[A-Za-z/.]+\\.cs)`")]
    private static partial Regex SourceNames();

    private static bool IsExecutable(string file) =>
        OperatingSystem.IsWindows() ||
        File.GetUnixFileMode(Path.Combine(Repository.Root, file)).HasFlag(UnixFileMode.UserExecute);
}
