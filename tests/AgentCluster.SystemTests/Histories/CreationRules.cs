namespace AgentCluster.SystemTests.Histories;

/// <summary>What was created is there once; what nobody answered is there once or not at all; nothing else is there.</summary>
internal static class CreationRules
{
    public static IEnumerable<string> Check(IReadOnlyCollection<Deed> deeds, IReadOnlyCollection<FoundTask> tasks)
    {
        var byTitle = tasks.ToLookup(task => task.Title);
        var creates = deeds.Where(deed => deed.Verb == Verb.Create).ToDictionary(deed => deed.First.Title!);

        foreach (var (title, deed) in creates)
        {
            var ids = byTitle[title].Select(task => task.Id).ToList();
            if (deed.IsDone && !ids.Contains(deed.Answered!.Task!))
            {
                yield return $"{deed} was answered with task {deed.Answered.Task}, which is not found.";
            }

            if (ids.Count > 1)
            {
                yield return $"{deed} is found {ids.Count} times: {string.Join(", ", ids)}.";
            }

            if (ids.Count > 0 && !deed.MayHaveHappened)
            {
                yield return $"{deed} was refused and is found as {ids[0]}.";
            }
        }

        foreach (var unexpected in tasks.Where(task => !creates.ContainsKey(task.Title)))
        {
            yield return $"Task {unexpected.Id} '{unexpected.Title}' is found and nobody created it.";
        }
    }
}
