using AgentCluster.Workers.Git;
using AgentCluster.Workers.Snapshots;

namespace AgentCluster.Workers.WorkingCopies;

/// <summary>A working copy that this machine can see. Nothing here reads its files, and nothing anywhere writes to it.</summary>
/// <param name="Root">The topmost folder of its files.</param>
/// <param name="GitFolder">Where git keeps what belongs to this working copy alone: its index, its HEAD.</param>
/// <param name="CommonFolder">Where git keeps what all working copies of the repository share.</param>
/// <param name="ObjectFolder">The repository's objects.</param>
public sealed record WorkingCopy(string Root, string GitFolder, string CommonFolder, string ObjectFolder)
{
    /// <summary>Finds out what is at a path.</summary>
    /// <param name="git">Runs git.</param>
    /// <param name="path">An absolute path of the working copy's root.</param>
    /// <param name="cancellationToken">Kills git.</param>
    /// <exception cref="GitException">There is none, or the path is a folder inside of one.</exception>
    internal static async Task<WorkingCopy> OpenAsync(GitRunner git, string path, CancellationToken cancellationToken)
    {
        if (!Path.IsPathFullyQualified(path) || path.Contains('\0'))
        {
            throw new GitException($"expected the absolute path of a working copy, found '{path}'");
        }

        var call = new GitCall(path, "rev-parse", "--path-format=absolute",
            "--show-prefix", "--show-toplevel", "--absolute-git-dir", "--git-common-dir", "--git-path", "objects");
        var said = (await git.RunAsync(call, cancellationToken)).Required($"find a working copy at {path}").Text.Split('\n');
        return said is ["", var root, var folder, var common, var objects, ""]
            ? new(root, folder, common, objects)
            : throw new GitException($"expected the root of a working copy, found a folder inside of one, or a name with a line break: '{path}'");
    }

    /// <summary>The commit that is checked out; null on a branch without any.</summary>
    /// <exception cref="GitException">HEAD says neither a branch nor a commit.</exception>
    internal async Task<string?> HeadAsync(GitRunner git, CancellationToken cancellationToken) =>
        await HeadOnDiskAsync(cancellationToken) ?? await ResolveAsync(git, InCopy, "HEAD", cancellationToken);

    // Nearly always two small files say it; whatever they say otherwise is left to git.
    private async Task<string?> HeadOnDiskAsync(CancellationToken cancellationToken)
    {
        const string Branch = "ref: refs/heads/";
        var head = await LineAsync(Path.Combine(GitFolder, "HEAD"), cancellationToken);
        var at = head is not null && head.StartsWith(Branch, StringComparison.Ordinal) && !head.Contains("..", StringComparison.Ordinal)
            ? await LineAsync(Path.Combine(CommonFolder, head[5..]), cancellationToken)
            : head;
        return at is not null && ObjectName.Is(at) ? at : null;
    }

    private static async Task<string?> LineAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return Stamp.Of(path) is { Bytes: > 0 and < 4096 } ? (await File.ReadAllTextAsync(path, cancellationToken)).TrimEnd('\n') : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>
    /// The commit that the name of a branch, a tag or a commit stands for in the repository; null if there is no such name. It may look like
    /// anything. Of HEAD it is the repository's own, not this working copy's.
    /// </summary>
    internal Task<string?> ResolveAsync(GitRunner git, string name, CancellationToken cancellationToken) =>
        ResolveAsync(git, InRepository, name, cancellationToken);

    private async Task<string?> ResolveAsync(GitRunner git, Func<string[], GitCall> where, string name, CancellationToken cancellationToken)
    {
        var answer = await git.RunAsync(where(["rev-parse", "--verify", "--quiet", "--end-of-options", name]), cancellationToken);
        return answer.Code switch
        {
            0 when ObjectName.Is(answer.Text.TrimEnd('\n')) => answer.Text.TrimEnd('\n'),
            1 => null,
            _ => throw new GitException($"git could not say what {name} is in {Root}: {answer.Error}"),
        };
    }

    // For what only names things: no index, no hook and no filter is touched by it.
    private GitCall InCopy(string[] arguments) => new(Root, arguments) { Environment = [("GIT_DIR", GitFolder)] };

    /// <summary>The same for what all working copies share: it is there also when this one goes away in the middle of it.</summary>
    internal GitCall InRepository(params string[] arguments) => new(CommonFolder, arguments) { Environment = [("GIT_DIR", CommonFolder)] };
}
