namespace AgentCluster.SystemTests.Histories;

/// <summary>No token is given twice, tokens only grow, and none is missing that nobody may have taken.</summary>
internal static class TokenRules
{
    private const long Step = 1_024;

    public static IEnumerable<string> Check(IReadOnlyCollection<Deed> deeds, IReadOnlyCollection<FoundTask> tasks)
    {
        var granted = deeds.Where(deed => deed.Granted is not null).ToList();
        return [.. Once(granted), .. Grow(granted), .. Held(deeds, granted, tasks), .. Gaps(deeds, granted)];
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

    // Whoever is found holding what it was not told of has as many unanswered claims.
    private static IEnumerable<string> Held(
        IReadOnlyCollection<Deed> deeds, IReadOnlyCollection<Deed> granted, IReadOnlyCollection<FoundTask> tasks)
    {
        var told = granted.Select(deed => deed.Granted!.Token).ToHashSet();
        foreach (var untold in tasks.Where(task => task.Holder is not null && !told.Contains(task.Holder.Token)).GroupBy(task => task.Holder!.Agent))
        {
            var open = deeds.Count(deed => deed.AsksForClaim && deed.IsOpen && deed.First.Agent == untold.Key);
            if (untold.Count() > open)
            {
                yield return $"{untold.Key} holds {untold.Count()} tasks of which it was not told " +
                    $"({string.Join(", ", untold.Select(task => task.Id))}) and has {open} unanswered claims.";
            }
        }
    }

    // Between the first and the last claim that a run certainly granted, every token is one that some answer showed, or
    // belongs to a claim that nobody answered. A registry that recovers within a run, because its disk failed, goes on above
    // the next multiple of its step: what lies on two sides of one is not compared.
    private static IEnumerable<string> Gaps(IReadOnlyCollection<Deed> deeds, IReadOnlyCollection<Deed> granted)
    {
        var told = granted.Select(deed => deed.Granted!.Token).ToHashSet();
        foreach (var run in granted.Where(deed => deed.First.Run == deed.Answered!.Run).GroupBy(deed => (deed.First.Run, deed.Granted!.Token / Step)))
        {
            var (first, last) = (run.Min(deed => deed.Granted!.Token), run.Max(deed => deed.Granted!.Token));
            var missing = last - first + 1 - told.Count(token => token >= first && token <= last);
            var open = deeds.Count(deed => deed.AsksForClaim && deed.IsOpen && deed.Operations.Any(operation => operation.Run == run.Key.Run));
            if (missing > open)
            {
                yield return $"Run {run.Key.Run} gave tokens {first} to {last}; {missing} of them nobody was told of, and only {open} claims are unanswered.";
            }
        }
    }
}
