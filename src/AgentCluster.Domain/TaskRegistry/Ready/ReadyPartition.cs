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
        Levels = [.. Enum.GetValues<Priority>().Select(priority => new ReadyLevel(this, (int)priority))];
    }

    public string Key { get; }

    public ReadyLevel[] Levels { get; }

    public int Count { get; set; }

    /// <summary>Those of paused epics.</summary>
    public int Paused { get; set; }

    /// <summary>Those that may be handed out.</summary>
    public int Available => Count - Paused;

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

    /// <summary>The best task, with one running task less in <paramref name="relieved"/> and none of <paramref name="without"/>.</summary>
    public RankedGroup? Best(EpicId? relieved, EpicId? without)
    {
        foreach (var level in Levels)
        {
            if (level.Ranked.Count == 0)
            {
                continue;
            }

            if (without is { } spent)
            {
                if (BestWithout(level, spent) is { } other)
                {
                    return other;
                }

                continue;
            }

            var best = level.Ranked.Min;
            if (relieved is { } epic && level.Groups.TryGetValue(epic, out var group) && !group.Epic.IsPaused)
            {
                var rank = group.RankIf(group.Epic.Running - 1);
                best = rank.CompareTo(best.Rank) < 0 ? new(rank, group) : best;
            }

            return best;
        }

        return null;
    }

    // An epic has one group in a level, so the second is as far as this looks.
    private static RankedGroup? BestWithout(ReadyLevel level, EpicId spent)
    {
        foreach (var ranked in level.Ranked)
        {
            if (ranked.Group.Epic.Id != spent)
            {
                return ranked;
            }
        }

        return null;
    }
}
