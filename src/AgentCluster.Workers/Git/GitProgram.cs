namespace AgentCluster.Workers.Git;

/// <summary>The git of this machine.</summary>
public static class GitProgram
{
    /// <summary>The absolute path of git on the path; null if there is none. An entry that is relative to where somebody stands is passed over.</summary>
    public static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Where(Path.IsPathFullyQualified)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "git.exe" : "git"))
        .FirstOrDefault(File.Exists);
}
