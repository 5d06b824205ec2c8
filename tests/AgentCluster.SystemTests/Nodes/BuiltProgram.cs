namespace AgentCluster.SystemTests.Nodes;

/// <summary>Where the build put the programs under test: in the same configuration as these tests.</summary>
internal static class BuiltProgram
{
    public static string Node { get; } = Find("AgentCluster.Node", "AgentCluster.Node");

    public static string Pbm { get; } = Find("AgentCluster.Cli", "pbm");

    public static string Benchmarks { get; } = Find("AgentCluster.Benchmarks", "AgentCluster.Benchmarks", under: "tests");

    /// <summary>The repository's root.</summary>
    public static string Root { get; } = FindRoot(new(AppContext.BaseDirectory));

    private static string Find(string project, string name, string under = "src")
    {
        // …/tests/AgentCluster.SystemTests/bin/<configuration>/<framework>/
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        var path = Path.Combine(FindRoot(here), under, project, "bin", here.Parent!.Name, here.Name, name + (OperatingSystem.IsWindows() ? ".exe" : ""));
        return File.Exists(path) ? path : throw new FileNotFoundException($"Expected the built program at {path}; build the solution first.");
    }

    private static string FindRoot(DirectoryInfo folder) =>
        File.Exists(Path.Combine(folder.FullName, "AgentCluster.sln")) ? folder.FullName : FindRoot(folder.Parent!);
}
