namespace AgentCluster.SystemTests.Histories;

/// <summary>A repeat with the same key answers alike.</summary>
internal static class AnswerRules
{
    public static IEnumerable<string> Check(IReadOnlyCollection<Deed> deeds) =>
        deeds.Where(deed => deed.IsDone).SelectMany(Check);

    private static IEnumerable<string> Check(Deed deed)
    {
        var answers = deed.Operations.Where(operation => operation.Outcome == Outcome.Done)
            .Select(operation => operation.Answer).Distinct().ToList();
        if (answers.Count > 1)
        {
            yield return $"{deed} was answered in {answers.Count} ways: {string.Join(" | ", answers)}";
        }

        foreach (var late in deed.Operations.Where(operation =>
            operation.Outcome == Outcome.Refused && operation.Invoked > deed.Answered!.Ended))
        {
            yield return $"{deed} was done, and its repeat was refused: {late.Answer}";
        }
    }
}
