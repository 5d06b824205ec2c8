using AgentCluster.Workers.Git;
using AgentCluster.Workers.WorkingCopies;

namespace AgentCluster.Workers.Merges;

/// <summary>Merges commits that exist on a bench, in memory: no working copy, no index and no branch takes part.</summary>
internal static class MergeForecast
{
    /// <summary>What would come of merging each of the others into one.</summary>
    /// <param name="git">Runs git.</param>
    /// <param name="bench">Where the commits are.</param>
    /// <param name="root">The working copy into which is merged: its files say which of them have lines.</param>
    /// <param name="index">The name of the copy of its index.</param>
    /// <param name="into">The commit of its work.</param>
    /// <param name="others">The commits to be merged, one after the other, each into <paramref name="into"/> alone.</param>
    /// <param name="cancellationToken">Kills git.</param>
    /// <returns>A verdict for each of <paramref name="others"/>.</returns>
    public static async Task<IReadOnlyList<Verdict>> JudgeAsync(
        GitRunner git, Bench bench, string root, string index, string into, IReadOnlyList<string> others, CancellationToken cancellationToken)
    {
        var verdicts = new List<Verdict>();
        while (verdicts.Count < others.Count)
        {
            var pairs = string.Concat(others.Skip(verdicts.Count).Select(other => $"{into} {other}\n"));
            var call = bench.At(root, index, "merge-tree", "--write-tree", "--stdin", "-z") with { Input = GitAnswer.Bytes(pairs) };
            var answer = await git.RunAsync(call, cancellationToken);
            verdicts.AddRange(MergeReport.Read(answer.Fields).Take(others.Count - verdicts.Count));

            // Git ends at the first pair that it cannot merge at all, and says of it why.
            if (verdicts.Count < others.Count)
            {
                verdicts.Add(new Verdict.Unknown(answer.Error.Length > 0 ? answer.Error : $"git merge-tree ended with {answer.Code} and no reason"));
            }
        }

        return verdicts;
    }
}
