using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.References;

/// <summary>Keeps what a task's title and description refer to beside what its creator listed. Nothing is fetched.</summary>
internal static class Referring
{
    /// <summary>A task with the references that its text names; at most 200 in all.</summary>
    /// <param name="spec">With its detail.</param>
    public static TaskSpec Mark(TaskSpec spec)
    {
        var found = Found(spec);
        return found.Count == 0 ? spec : With(spec, spec.Detail.References.Concat(found));
    }

    /// <summary>A task whose text has changed: what only the old text named is gone.</summary>
    /// <param name="was">Before.</param>
    /// <param name="now">After, with the references of before.</param>
    public static TaskSpec Again(TaskSpec was, TaskSpec now) =>
        With(now, now.Detail.References.Except(Found(was), StringComparer.Ordinal).Concat(Found(now)));

    private static TaskSpec With(TaskSpec spec, IEnumerable<string> references)
    {
        ValueList<string> kept = [.. references.Distinct(StringComparer.Ordinal).Take(Bounds.ListLength)];
        return kept == spec.Detail.References ? spec : spec with { Detail = spec.Detail with { References = kept } };
    }

    private static List<string> Found(TaskSpec spec)
    {
        List<string> found = [];
        ReferenceScan.Find(spec.Title, found);
        if (spec.Detail.Description is { } description)
        {
            ReferenceScan.Find(description, found);
        }

        return found;
    }
}
