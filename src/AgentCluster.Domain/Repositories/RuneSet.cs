namespace AgentCluster.Domain.Repositories;

/// <summary>A set of code points: what one place in a pattern may stand for.</summary>
/// <param name="Ranges">First and last of each range, in order, neither overlapping nor touching.</param>
internal readonly record struct RuneSet(ValueList<(int First, int Last)> Ranges)
{
    private const int Most = 0x10ffff;

    /// <summary>All that a name can hold.</summary>
    public static RuneSet Any { get; } = new([(0, '/' - 1), ('/' + 1, Most)]);

    public bool IsEmpty => Ranges.IsEmpty;

    /// <summary>The only one in it; null when there are more.</summary>
    public int? Single => Ranges is [var (first, last)] && first == last ? first : null;

    public static RuneSet Of(int rune) => new([(rune, rune)]);

    /// <summary>A set of ranges in any order; '/' is never in it.</summary>
    public static RuneSet Of(IEnumerable<(int First, int Last)> ranges)
    {
        List<(int First, int Last)> merged = [];
        foreach (var range in ranges.OrderBy(range => range.First))
        {
            if (merged.Count > 0 && range.First <= merged[^1].Last + 1)
            {
                merged[^1] = (merged[^1].First, Math.Max(merged[^1].Last, range.Last));
            }
            else
            {
                merged.Add(range);
            }
        }

        return new RuneSet(merged.ToValueList()).And(Any);
    }

    /// <summary>What a name can hold and is not in the set.</summary>
    public RuneSet Not()
    {
        List<(int First, int Last)> rest = [];
        var next = 0;
        foreach (var (first, last) in Ranges)
        {
            if (next < first)
            {
                rest.Add((next, first - 1));
            }

            next = last + 1;
        }

        if (next <= Most)
        {
            rest.Add((next, Most));
        }

        return new RuneSet(rest.ToValueList()).And(Any);
    }

    /// <summary>What is in both.</summary>
    public RuneSet And(RuneSet other)
    {
        List<(int First, int Last)> both = [];
        for (int i = 0, j = 0; i < Ranges.Count && j < other.Ranges.Count;)
        {
            var (first, last) = (Math.Max(Ranges[i].First, other.Ranges[j].First), Math.Min(Ranges[i].Last, other.Ranges[j].Last));
            if (first <= last)
            {
                both.Add((first, last));
            }

            _ = Ranges[i].Last < other.Ranges[j].Last ? i++ : j++;
        }

        return new(both.ToValueList());
    }

    /// <summary>Whether anything is in both.</summary>
    public bool Meets(RuneSet other)
    {
        for (int i = 0, j = 0; i < Ranges.Count && j < other.Ranges.Count;)
        {
            if (Math.Max(Ranges[i].First, other.Ranges[j].First) <= Math.Min(Ranges[i].Last, other.Ranges[j].Last))
            {
                return true;
            }

            _ = Ranges[i].Last < other.Ranges[j].Last ? i++ : j++;
        }

        return false;
    }
}
