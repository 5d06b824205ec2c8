namespace AgentCluster.SystemTests.Histories;

/// <summary>
/// Holds what clients were told against what is found afterwards. Pure: it knows no node, no time and no file, so that
/// it is itself tested with histories that break each rule.
/// </summary>
/// <remarks>
/// It needs three things of the load: titles are unique, every write carries a key, and no lease lapses while it runs.
/// It relies on one thing of the system beside what it checks: within one run of a node a project's tokens grow by one
/// with each claim, so a claim that nobody was told of leaves a gap.
/// </remarks>
internal static class HistoryChecker
{
    /// <summary>All violations, in words; empty when the history is one that the contract allows.</summary>
    public static IReadOnlyList<string> Check(IReadOnlyCollection<Operation> history, IReadOnlyCollection<FoundTask> found)
    {
        Deed[] deeds = [.. history.GroupBy(operation => operation.Key).Select(same => new Deed(same.Key, same))];
        var tasks = found.DistinctBy(task => task.Id).ToDictionary(task => task.Id);

        return
        [
            .. found.GroupBy(task => task.Id).Where(same => same.Count() > 1).Select(same => $"Task {same.Key} is listed twice."),
            .. AnswerRules.Check(deeds),
            .. CreationRules.Check(deeds, tasks.Values),
            .. TokenRules.Check(deeds, tasks.Values),
            .. ClaimRules.Check(deeds, tasks),
        ];
    }
}
