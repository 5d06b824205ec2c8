using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.TaskRegistry.Ready;

/// <summary>The ready tasks that require the same capabilities.</summary>
internal sealed class ReadyPartition
{
    private readonly string[] _required;

    public ReadyPartition(string key, string[] required)
    {
        Key = key;
        _required = required;
        Levels = [.. Enum.GetValues<Priority>().Select(priority => new ReadyLevel((int)priority))];
    }

    public string Key { get; }

    public ReadyLevel[] Levels { get; }

    public int Count { get; set; }

    public bool IsFor(IReadOnlySet<string>? capabilities)
    {
        foreach (var required in _required)
        {
            if (capabilities is null || !capabilities.Contains(required))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The best task, with one running task less in <paramref name="relieved"/>.</summary>
    public RankedGroup? Best(EpicId? relieved)
    {
        foreach (var level in Levels)
        {
            if (level.Ranked.Count == 0)
            {
                continue;
            }

            var best = level.Ranked.Min;
            if (relieved is { } epic && level.Groups.TryGetValue(epic, out var group))
            {
                var rank = group.RankIf(group.Epic.Running - 1);
                best = rank.CompareTo(best.Rank) < 0 ? new(rank, group) : best;
            }

            return best;
        }

        return null;
    }
}
