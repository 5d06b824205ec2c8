using System.Diagnostics;
using AgentCluster.Workers.Git;
using AgentCluster.Workers.Merges;
using AgentCluster.Workers.Snapshots;
using AgentCluster.Workers.WorkingCopies;

namespace AgentCluster.Tests.Workers;

/// <summary>A real repository in a folder of its own, made by the machine's git, and the reader under test beside it.</summary>
internal sealed class ScratchRepository : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentcluster-git-").FullName;

    public ScratchRepository()
    {
        Directory.CreateDirectory(Main);
        Sh(Main, "git init -q -b main . && git config user.name t && git config user.email t@localhost && git config commit.gpgsign false");
    }

    public string Folder => _folder;

    public string Main => Path.Combine(_folder, "main");

    public GitRunner Git { get; } = new(GitProgram.Find()!, new(), TimeProvider.System);

    /// <summary>What a shell makes of a script; the repository's own configuration counts, the user's does not.</summary>
    /// <param name="folder">Where it runs.</param>
    /// <param name="script">For <c>sh -c</c>.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="given">The file that the input lies in: two that run at a time need two.</param>
    public string Sh(string folder, string script, string input = "", string given = "given")
    {
        var file = Path.Combine(_folder, $"{given}.input");
        File.WriteAllText(file, input);
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec <{file}\n{script}"])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in ((string, string)[])[("HOME", _folder), ("GIT_CONFIG_NOSYSTEM", "1"), ("LC_ALL", "C"), ("XDG_CONFIG_HOME", _folder)])
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{script}\nended with {process.ExitCode}:\n{error.Result}{output.Result}");
        return output.Result;
    }

    /// <summary>A working copy beside the main one, on a new branch of its name.</summary>
    public string AddCopy(string name, string from = "main")
    {
        Sh(Main, $"git worktree add -q -b {name} ../{name} {from}");
        return Path.Combine(_folder, name);
    }

    public async Task<Bench> BenchAsync(CancellationToken cancellationToken) => await Bench.MakeAsync(
        Git, Path.Combine(_folder, $"bench{Guid.NewGuid():N}"), [await WorkingCopy.OpenAsync(Git, Main, cancellationToken)], cancellationToken);

    public async Task<CopyReader> ReaderAsync(Bench bench, string copy, CancellationToken cancellationToken, SnapshotLimits? limits = null) =>
        new(Git, () => bench, await WorkingCopy.OpenAsync(Git, copy, cancellationToken), Path.GetFileName(copy), limits ?? new());

    /// <summary>What the forecast says of the work in two working copies, as it lies there.</summary>
    public async Task<Verdict> ForecastAsync(string into, string other, CancellationToken cancellationToken)
    {
        using var bench = await BenchAsync(cancellationToken);
        var mine = await (await ReaderAsync(bench, into, cancellationToken)).ReadAsync(cancellationToken);
        var theirs = await (await ReaderAsync(bench, other, cancellationToken)).ReadAsync(cancellationToken);
        return (await MergeForecast.JudgeAsync(Git, bench, into, Path.GetFileName(into), mine.Commit, [theirs.Commit], cancellationToken))[0];
    }

    /// <summary>Commits the work in both for good, merges, and says what git left unmerged; null if nothing.</summary>
    public string[]? Merge(string into, string other)
    {
        Sh(into, "git add -A && git commit -q --allow-empty -m mine");
        Sh(other, "git add -A && git commit -q --allow-empty -m theirs");
        var clone = Path.Combine(_folder, $"clone{Guid.NewGuid():N}");
        Sh(_folder, $"git clone -q main {clone} 2>/dev/null; cd {clone}; git config user.name t; git config user.email t@localhost");
        return Truth.Read(Sh(clone, Truth.Script($"origin/{Path.GetFileName(into)}", $"origin/{Path.GetFileName(other)}")));
    }

    /// <summary>The paths in a commit that exists on a bench.</summary>
    public string[] Tree(Bench bench, string commit) =>
        Git.RunAsync(bench.Alone("ls-tree", "-r", "-z", "--name-only", commit), CancellationToken.None).GetAwaiter().GetResult().Fields;

    public void Dispose()
    {
        Git.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
