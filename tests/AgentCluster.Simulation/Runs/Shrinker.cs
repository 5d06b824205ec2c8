using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Simulation.Runs;

/// <summary>
/// Takes away from a run that fails, one thing after another, and keeps what still fails with the same invariant: first
/// time, then faults and features, then counts. Greedy and bounded; what is left is small, not smallest.
/// </summary>
internal sealed class Shrinker(Run failing)
{
    private const int Limit = 150;

    /// <summary>How many runs it took.</summary>
    public int Runs { get; private set; }

    /// <returns>The smaller run, and what it found.</returns>
    public (Run Run, Result Result) Shrink(Result failed)
    {
        var least = (Run: failing, Result: failed);
        for (Cut? before = null; before != least.Run.Cut && Runs < Limit;)
        {
            before = least.Run.Cut;
            foreach (var less in Steps)
            {
                while (Runs < Limit && less(least.Run.Cut, least.Result) is { } cut && TryRun(least.Run with { Cut = cut }, failed) is { } still)
                {
                    least = (least.Run with { Cut = cut }, still);
                }
            }
        }

        return least;
    }

    /// <summary>Each gives a smaller cut of a run that failed, or null when it has nothing to take.</summary>
    private static IEnumerable<Func<Cut, Result, Cut?>> Steps =>
    [
        static (cut, failed) => Until(cut, failed, (int)Math.Ceiling(failed.Time.TotalSeconds)),
        static (cut, failed) => Until(cut, failed, (int)failed.Plan!.Hostile.TotalSeconds / 2),
        static (cut, failed) => Less(cut, failed.Plan!.Faults.On.Order().Take(failed.Plan.Faults.On.Count / 2)),
        .. Enum.GetValues<Fault>().Select<Fault, Func<Cut, Result, Cut?>>(fault =>
            (cut, failed) => Less(cut, failed.Plan!.Faults.On.Where(on => on == fault))),
        .. Enum.GetValues<Feature>().Select<Feature, Func<Cut, Result, Cut?>>(feature =>
            (cut, failed) => failed.Plan!.Features.Contains(feature) ? cut with { Features = [.. cut.Features, feature] } : null),
        .. Counts(count => count / 2),
        .. Counts(count => count - 1),
    ];

    private static IEnumerable<Func<Cut, Result, Cut?>> Counts(Func<int, int> less) =>
    [
        (cut, failed) => less(failed.Plan!.Nodes.Count) is > 0 and var count ? cut with { Nodes = count } : null,
        (cut, failed) => less(failed.Plan!.Projects) is > 0 and var count ? cut with { Projects = count } : null,
        (cut, failed) => less(failed.Plan!.Agents) is > 0 and var count ? cut with { Agents = count } : null,
        (cut, failed) => less(failed.Plan!.Tasks) is > 0 and var count ? cut with { Tasks = count } : null,
        (cut, failed) => less(failed.Plan!.Node.Shards) is > 0 and var count ? cut with { Shards = count } : null,
        (cut, failed) => less(failed.Plan!.Node.Lanes) is > 0 and var count ? cut with { Lanes = count } : null,
    ];

    private static Cut? Until(Cut cut, Result failed, int seconds) =>
        seconds > 0 && seconds < failed.Plan!.Hostile.TotalSeconds ? cut with { Until = seconds } : null;

    private static Cut? Less(Cut cut, IEnumerable<Fault> off)
    {
        Fault[] faults = [.. off];
        return faults.Length > 0 ? cut with { Faults = [.. cut.Faults, .. faults] } : null;
    }

    private Result? TryRun(Run run, Result failed)
    {
        Runs++;
        var result = run.Execute();
        return result.Found?.Invariant == failed.Found!.Invariant ? result : null;
    }
}
