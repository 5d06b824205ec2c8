namespace AgentCluster.Tests.Architecture;

/// <summary>The first thing a newcomer types works.</summary>
public sealed class ReadmeTests
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

    private static bool IsExecutable(string file) =>
        OperatingSystem.IsWindows() ||
        File.GetUnixFileMode(Path.Combine(Repository.Root, file)).HasFlag(UnixFileMode.UserExecute);
}
