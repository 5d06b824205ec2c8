namespace AgentCluster.SystemTests.Histories;

/// <summary>No token is given twice, tokens only grow, and none is missing that nobody may have taken.</summary>
internal static class TokenRules
{
    // A token is generation * 2^40 + counter.
    private const long Counter = (1L << 40) - 1;

    public static IEnumerable<string> Check(IReadOnlyCollection<Deed> deeds, IReadOnlyCollection<FoundTask> tasks)
    {
        var granted = deeds.Where(deed => deed.Granted is not null).ToList();
        return [.. Once(granted), .. Grow(granted), .. Accounted(deeds, granted, tasks)];
    }

    private static IEnumerable<string> Once(IReadOnlyCollection<Deed> granted) =>
        granted.GroupBy(deed => deed.Granted!.Token).Where(same => same.Count() > 1)
            .Select(same => $"Token {same.Key} was given {same.Count()} times: {string.Join("; ", same)}.");

    // A claim that was asked for after another was answered has the larger token.
    private static IEnumerable<string> Grow(IReadOnlyCollection<Deed> granted)
    {
        var ended = new Queue<Deed>(granted.OrderBy(deed => deed.Answered!.Ended));
        Deed? largest = null;
        foreach (var deed in granted.OrderBy(deed => deed.First.Invoked))
        {
            while (ended.Count > 0 && ended.Peek().Answered!.Ended < deed.First.Invoked)
            {
                var earlier = ended.Dequeue();
                largest = largest is null || earlier.Granted!.Token > largest.Granted!.Token ? earlier : largest;
            }

            if (largest is not null && deed.Granted!.Token <= largest.Granted!.Token)
            {
                yield return $"{deed} got token {deed.Granted.Token} after {largest} had got {largest.Granted.Token}.";
            }
        }
    }

    private static IEnumerable<string> Accounted(
        IReadOnlyCollection<Deed> deeds, IReadOnlyCollection<Deed> granted, IReadOnlyCollection<FoundTask> tasks)
    {
        var told = granted.Select(deed => deed.Granted!.Token).ToHashSet();
        var untold = tasks.Where(task => task.Holder is not null && !told.Contains(task.Holder.Token)).ToList();
        foreach (var agent in untold.GroupBy(task => task.Holder!.Agent))
        {
            var open = deeds.Count(deed => deed.AsksForClaim && deed.IsOpen && deed.First.Agent == agent.Key);
            if (agent.Count() > open)
            {
                yield return $"{agent.Key} holds {agent.Count()} tasks of which it was not told ({string.Join(", ", agent.Select(task => task.Id))}) " +
                    $"and has {open} unanswered claims.";
            }
        }

        var largest = told.Concat(untold.Select(task => task.Holder!.Token)).Select(token => token & Counter).DefaultIfEmpty().Max();
        var missing = largest - told.Count;
        var unanswered = deeds.Count(deed => deed.AsksForClaim && deed.IsOpen);
        if (missing > unanswered)
        {
            yield return $"The counter stands at {largest} with {told.Count} claims answered: {missing} more were made, and only {unanswered} are unanswered.";
        }
    }
}
