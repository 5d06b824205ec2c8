using AgentCluster.Workers.Forecasts;

namespace AgentCluster.Node.Forecasts;

/// <summary>What a worker remembers of one repository: nothing that could not be found out again.</summary>
/// <param name="matrix">Its forecast.</param>
internal sealed class RepositoryWatch(ForecastMatrix matrix)
{
    public ForecastMatrix Matrix { get; } = matrix;

    /// <summary>The worktrees that were seen on this machine at least once, by their place.</summary>
    public HashSet<long> Seen { get; } = [];

    /// <summary>What was told last, by what it is about.</summary>
    public Dictionary<string, object> Told { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether this was not told last; from now on it was.</summary>
    public bool IsNew(string about, object said)
    {
        if (Told.TryGetValue(about, out var before) && before.Equals(said))
        {
            return false;
        }

        Told[about] = said;
        return true;
    }
}
