namespace AgentCluster.Domain.Repositories;

/// <summary>One place of a pattern.</summary>
/// <typeparam name="T">Itself.</typeparam>
internal interface IPlace<T>
{
    /// <summary>Whether it stands for any number of symbols, none included, rather than for one.</summary>
    bool IsStar { get; }

    /// <summary>Whether there is a symbol that both places stand for; asked of places that stand for one.</summary>
    bool Meets(T other);
}

/// <summary>
/// Patterns as sequences of places: names in a path, and characters in a name. Two of them overlap exactly when the end of the
/// product of their automata can be reached, which is found in one step for each pair of places.
/// </summary>
internal static class Sequence
{
    /// <summary>Whether there is a sequence of symbols that both patterns stand for.</summary>
    public static bool Overlap<T>(ReadOnlySpan<T> one, ReadOnlySpan<T> other)
        where T : IPlace<T>
    {
        // reached[j]: after some places of the one, the other can be after j of its own.
        Span<bool> reached = stackalloc bool[other.Length + 1];
        reached[0] = true;
        Skip(reached, other);
        foreach (var place in one)
        {
            if (place.IsStar)
            {
                // It stands for whatever the other goes through.
                reached[(reached.IndexOf(true) is >= 0 and var first ? first : reached.Length)..].Fill(true);
            }
            else
            {
                Step(place, reached, other);
            }

            Skip(reached, other);
        }

        return reached[^1];
    }

    // From the end, so that no place is passed twice.
    private static void Step<T>(T place, Span<bool> reached, ReadOnlySpan<T> other)
        where T : IPlace<T>
    {
        for (var j = other.Length; j >= 0; j--)
        {
            var stays = j < other.Length && reached[j] && other[j].IsStar;
            var moves = j > 0 && reached[j - 1] && !other[j - 1].IsStar && place.Meets(other[j - 1]);
            reached[j] = stays || moves;
        }
    }

    // A star of the other stands for nothing.
    private static void Skip<T>(Span<bool> reached, ReadOnlySpan<T> other)
        where T : IPlace<T>
    {
        for (var j = 0; j < other.Length; j++)
        {
            reached[j + 1] |= reached[j] && other[j].IsStar;
        }
    }
}
