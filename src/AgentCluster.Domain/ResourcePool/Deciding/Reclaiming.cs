using AgentCluster.Actors;
using static AgentCluster.Domain.ResourcePool.PoolCommand;

namespace AgentCluster.Domain.ResourcePool.Deciding;

/// <summary>
/// What agents have for nothing is taken before another one is refused. An allocation is idle when it is for no task, its agent
/// holds no claim, and nobody gave or renewed it within <see cref="IdleAfter"/>: who takes resources first and claims then is
/// left that time.
/// </summary>
/// <remarks>
/// Who holds a claim is known to registries only, so whoever asks looks it up for the agents that a first refusal names. How long ago an
/// allocation was given is counted by the monotonic clock; after a recovery it begins anew: late, never early.
/// </remarks>
internal static class Reclaiming
{
    /// <summary>How long an allocation is left alone.</summary>
    public static readonly TimeSpan IdleAfter = TimeSpan.FromSeconds(60);

    /// <summary>What others have of what is lacking, without a task, the oldest first.</summary>
    public static IEnumerable<Allocation> Candidates(PoolState state, Allocation asked, ValueList<Shortage> lacking) => state.Active
        .Where(each => each.Task is null && each.Agent != asked.Agent && lacking.Any(need => each.Has(need.Pool.Name)))
        .OrderBy(each => each.Place);

    /// <summary>What to take so that there is enough of everything; null when all of it would not be enough, and then nothing is taken.</summary>
    public static IReadOnlyList<Allocation>? Choose(PoolState state, Allocate allocate, ValueList<Shortage> lacking, in Turn turn)
    {
        var uptime = turn.Uptime;
        List<Allocation> chosen = [];
        foreach (var each in Candidates(state, allocate.Asked, lacking))
        {
            if (IsShort(lacking, chosen, each) && allocate.Idle.AsSpan().Contains(each.Agent) && state.SeenAt(each.Id) is { } seen && uptime - seen >= IdleAfter)
            {
                chosen.Add(each);
            }
        }

        return lacking.Any(need => Left(need, chosen) > 0) ? null : chosen;
    }

    private static bool IsShort(ValueList<Shortage> lacking, List<Allocation> chosen, Allocation next) =>
        lacking.Any(need => next.Has(need.Pool.Name) && Left(need, chosen) > 0);

    private static decimal Left(Shortage need, List<Allocation> chosen) =>
        need.Required - need.Available - chosen.Sum(each => each.Of(need.Pool.Name));
}
