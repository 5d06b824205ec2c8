namespace AgentCluster.Tests.Domain.Repositories;

/// <summary>Patterns decided by trying all paths of a small alphabet. The third letter stands for all that no pattern names.</summary>
internal static class BruteForce
{
    private static readonly string[] Places = ["a", "b", "?", "*", "[!a]", "[!b]", "[ab]"];
    private static readonly string[] Parts = ["a", "b", "?", "*", "[!a]", "[!b]", "[ab]", "**", "**"];

    /// <summary>All patterns of a name.</summary>
    /// <param name="most">Places at most.</param>
    public static IEnumerable<string> NamePatterns(int most) =>
        Sequences(Places, most).Select(places => string.Concat(places)).Where(pattern => !pattern.Contains("**", StringComparison.Ordinal));

    /// <summary>All names.</summary>
    /// <param name="most">Letters at most.</param>
    public static IEnumerable<string> Names(int most) => Sequences(["a", "b", "c"], most).Select(places => string.Concat(places));

    /// <summary>All paths whose names are one letter.</summary>
    /// <param name="most">Names at most.</param>
    public static IEnumerable<string[]> Paths(int most) => Sequences(["a", "b", "c"], most);

    /// <summary>A pattern of 1 to 3 names.</summary>
    public static string[] PathPattern(Random random) => random.GetItems(Parts, random.Next(1, 4));

    /// <summary>Whether a pattern matches a name.</summary>
    public static bool IsName(ReadOnlySpan<char> pattern, ReadOnlySpan<char> name)
    {
        if (pattern.IsEmpty)
        {
            return name.IsEmpty;
        }

        if (pattern[0] == '*')
        {
            return IsName(pattern[1..], name) || (!name.IsEmpty && IsName(pattern, name[1..]));
        }

        var place = pattern[0] == '[' ? pattern[..(pattern.IndexOf(']') + 1)] : pattern[..1];
        return !name.IsEmpty && IsLetter(place, name[0]) && IsName(pattern[place.Length..], name[1..]);
    }

    /// <summary>Whether a pattern matches a path. One without wildcards also matches what is below.</summary>
    public static bool IsPath(ReadOnlySpan<string> pattern, ReadOnlySpan<string> path) =>
        string.Concat(pattern).AsSpan().ContainsAny("?*[")
            ? Fits(pattern, path)
            : path.Length >= pattern.Length && path[..pattern.Length].SequenceEqual(pattern);

    private static bool Fits(ReadOnlySpan<string> pattern, ReadOnlySpan<string> path)
    {
        if (pattern.IsEmpty)
        {
            return path.IsEmpty;
        }

        return pattern[0] == "**"
            ? Fits(pattern[1..], path) || (!path.IsEmpty && Fits(pattern, path[1..]))
            : !path.IsEmpty && IsName(pattern[0], path[0]) && Fits(pattern[1..], path[1..]);
    }

    private static bool IsLetter(ReadOnlySpan<char> place, char letter) => place switch
    {
        "?" => true,
        "[!a]" => letter != 'a',
        "[!b]" => letter != 'b',
        "[ab]" => letter is 'a' or 'b',
        _ => place[0] == letter,
    };

    private static IEnumerable<string[]> Sequences(string[] symbols, int most)
    {
        IEnumerable<string[]> all = [[]];
        for (var length = 1; length <= most; length++)
        {
            all = [.. all.SelectMany(prefix => symbols.Select(symbol => (string[])[.. prefix, symbol]))];
            foreach (var sequence in all)
            {
                yield return sequence;
            }
        }
    }
}
