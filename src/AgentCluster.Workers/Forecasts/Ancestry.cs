using AgentCluster.Workers.Git;
using AgentCluster.Workers.Snapshots;
using AgentCluster.Workers.WorkingCopies;

namespace AgentCluster.Workers.Forecasts;

/// <summary>Where two states parted. It depends on commits alone, so it is asked once for each two of them.</summary>
internal sealed class Ancestry(GitRunner git)
{
    private const int Bound = 50_000;
    private readonly Dictionary<(string, string), string?> _known = [];

    /// <summary>The best common ancestor; null if there is none, or more than one is as good.</summary>
    public async Task<string?> CommonAsync(Bench bench, string one, string other, CancellationToken cancellationToken)
    {
        var pair = string.CompareOrdinal(one, other) < 0 ? (one, other) : (other, one);
        if (one == other)
        {
            return one;
        }

        lock (_known)
        {
            if (_known.TryGetValue(pair, out var known))
            {
                return known;
            }
        }

        var answer = await git.RunAsync(bench.Alone("merge-base", "--all", "--end-of-options", one, other), cancellationToken);
        var bases = answer.Code is 0 or 1 ? answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries) : throw new GitException($"git could not find where {one} and {other} parted: {answer.Error}");
        var common = bases is [var only] ? only : null;
        lock (_known)
        {
            if (_known.Count >= Bound)
            {
                _known.Clear();
            }

            return _known[pair] = common;
        }
    }

    /// <summary>Where two snapshots parted, if their own commits say it: one that is being merged into is left to git.</summary>
    public async Task<string?> CommonAsync(Bench bench, Snapshot one, Snapshot other, CancellationToken cancellationToken) =>
        one.Parents is [var mine] && other.Parents is [var theirs] ? await CommonAsync(bench, mine, theirs, cancellationToken) : null;
}
