using System.Diagnostics;

namespace AgentCluster.SystemTests.Forecasts;

/// <summary>A folder with a repository in <c>main</c>, which the machine's git made, and working copies beside it; gone after the test.</summary>
internal sealed class GitFolder : IDisposable
{
    public GitFolder(string script) => Sh($"git init -q -b main main && cd main && git config user.name t && git config user.email t@localhost\n{script}");

    public string Path { get; } = Directory.CreateTempSubdirectory("agentcluster-test-").FullName;

    /// <summary>What a shell in the folder makes of it; neither the machine's nor the user's configuration counts.</summary>
    /// <exception cref="InvalidOperationException">It ended with an error.</exception>
    public string Sh(string script) => Run(script) is (0, var said) ? said : throw new InvalidOperationException($"{script}\n{Run(script)}");

    /// <summary>Its exit code and all that it said.</summary>
    public (int Code, string Said) Run(string script, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec 2>&1 </dev/null\n{script}"]) { WorkingDirectory = Path, RedirectStandardOutput = true };
        foreach (var (name, value) in environment.Concat([("HOME", Path), ("GIT_CONFIG_NOSYSTEM", "1"), ("XDG_CONFIG_HOME", Path), ("LC_ALL", "C")]))
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
