namespace AgentCluster.SystemTests.Histories;

/// <summary>At most one holder at a time; what a holder did is found once; a superseded holder does nothing.</summary>
internal static class ClaimRules
{
    public static IEnumerable<string> Check(IReadOnlyCollection<Deed> deeds, IReadOnlyDictionary<string, FoundTask> tasks)
    {
        var about = deeds.Where(deed => deed.First.Task is not null && deed.Verb is not Verb.Create && deed.Verb is not Verb.Claim)
            .ToLookup(deed => deed.First.Task!);
        var grants = deeds.Where(deed => deed.Granted is not null).ToLookup(deed => deed.Granted!.Task);

        foreach (var deed in deeds.Where(deed => deed.Granted is not null && !tasks.ContainsKey(deed.Granted.Task)))
        {
            yield return $"{deed} got a task that is not found: {deed.Granted!.Task}.";
        }

        foreach (var violation in tasks.Values.SelectMany(task => Check(task, [.. grants[task.Id].OrderBy(deed => deed.Granted!.Token)], [.. about[task.Id]])))
        {
            yield return violation;
        }
    }

    private static IEnumerable<string> Check(FoundTask task, IReadOnlyList<Deed> grants, IReadOnlyList<Deed> about) =>
        [.. OneHolder(task, grants, about), .. Superseded(task, grants, about), .. Found(task, about)];

    // A claim is still held, or somebody ended it before the next one was answered.
    private static IEnumerable<string> OneHolder(FoundTask task, IReadOnlyList<Deed> grants, IReadOnlyList<Deed> about)
    {
        for (var i = 0; i < grants.Count; i++)
        {
            var grant = grants[i].Granted!;
            var ends = about.Where(deed => deed.EndsClaim(grant) && deed.MayHaveHappened).ToList();
            var next = i + 1 < grants.Count ? grants[i + 1] : null;
            if (next is not null && !ends.Exists(end => end.First.Invoked < next.Answered!.Ended))
            {
                yield return $"Task {task.Id} was given to {next} while {grants[i]} held it.";
            }
            else if (ends.Count == 0 && task.Holder?.Token != grant.Token)
            {
                yield return $"{grants[i]} was answered, nobody ended it, and task {task.Id} is found {task.Status}, held by {task.Holder?.ToString() ?? "nobody"}.";
            }
        }
    }

    private static IEnumerable<string> Superseded(FoundTask task, IReadOnlyList<Deed> grants, IReadOnlyList<Deed> about)
    {
        foreach (var deed in about.Where(deed => deed.IsDone))
        {
            var newer = grants.FirstOrDefault(grant => grant.Granted!.Token > deed.First.Token && grant.Answered!.Ended < deed.First.Invoked);
            if (newer is not null)
            {
                yield return $"{deed} took effect on task {task.Id} after {newer} had got it.";
            }
        }

        var completed = about.FirstOrDefault(deed => deed.Completes && deed.IsDone);
        if (completed is not null && grants.FirstOrDefault(grant => grant.Granted!.Token > completed.First.Token) is { } later)
        {
            yield return $"{later} got task {task.Id}, which {completed} had completed.";
        }
    }

    private static IEnumerable<string> Found(FoundTask task, IReadOnlyList<Deed> about)
    {
        var completes = about.Where(deed => deed.Completes).ToList();
        if (completes.Exists(deed => deed.IsDone) && task.Status != "completed")
        {
            yield return $"{completes.First(deed => deed.IsDone)} was answered, and task {task.Id} is found {task.Status}.";
        }

        if (completes.Count(deed => deed.IsDone) > 1)
        {
            yield return $"Task {task.Id} was completed {completes.Count(deed => deed.IsDone)} times: {string.Join("; ", completes.Where(deed => deed.IsDone))}.";
        }

        if (task.Status == "completed" && !completes.Exists(deed => deed.MayHaveHappened))
        {
            yield return $"Task {task.Id} is found completed, and nobody completed it.";
        }

        var givenUp = about.Where(deed => deed.GivesUp).ToList();
        var least = givenUp.Count(deed => deed.IsDone);
        var most = least + givenUp.Count(deed => deed.IsOpen);
        if (task.Attempt < least || task.Attempt > most)
        {
            yield return $"Task {task.Id} was given up {least} to {most} times, and its attempt is {task.Attempt}.";
        }

        if (task.Holder is { } holder && about.FirstOrDefault(deed => deed.EndsClaim(holder) && deed.IsDone) is { } end)
        {
            yield return $"{end} was answered, and {holder.Agent} is found holding task {task.Id} with token {holder.Token}.";
        }
    }
}
