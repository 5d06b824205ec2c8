using System.Buffers;

namespace AgentCluster.Domain.References;

/// <summary>
/// Recognises references in a text, as they are written: <c>group/project#12</c>, <c>#12</c>, <c>!34</c>,
/// <c>%milestone</c>, <c>%"two words"</c>, <c>&amp;epic</c>, commit ids, and addresses of GitLab and GitHub.
/// </summary>
/// <remarks>
/// One pass that never goes back: each character is looked at a bounded number of times, whatever the text. A mark counts
/// only at the edge of a word, so that <c>C#9</c>, <c>50%off</c>, <c>R&amp;D</c> and <c>&amp;amp;</c> are none.
/// </remarks>
internal static class ReferenceScan
{
    private const int LongestAddress = 1_000;
    private const int LongestName = 128;
    private const int LongestNumber = 10;

    private static readonly SearchValues<char> PathChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-/");

    private static readonly SearchValues<char> AddressEnds = SearchValues.Create(" \t\r\n\"'<>`()[]{}|\\^");

    /// <summary>Adds what a text refers to, each once, until there are 200.</summary>
    /// <param name="text">Any.</param>
    /// <param name="found">What was found so far.</param>
    public static void Find(ReadOnlySpan<char> text, List<string> found)
    {
        var at = 0;
        while (at < text.Length && found.Count < Bounds.ListLength)
        {
            var rest = text[at..];
            at += IsPath(rest[0]) ? Word(rest, found) : IsMark(rest[0]) ? Mark(rest, 0, found) : 1;
        }
    }

    /// <summary>A run of letters, digits and slashes: an address, a path with a mark after it, or a commit id.</summary>
    /// <returns>How many characters are done with.</returns>
    private static int Word(ReadOnlySpan<char> rest, List<string> found)
    {
        var length = rest.IndexOfAnyExcept(PathChars);
        length = length < 0 ? rest.Length : length;
        var word = rest[..length];
        if (word is "http" or "https" && rest[length..].StartsWith("://"))
        {
            return Address(rest, length + 3, found);
        }

        if (length < rest.Length && IsMark(rest[length]))
        {
            // A path of a group and a project belongs to the mark; any other word takes the mark's edge away.
            return IsProject(word) ? Mark(rest, length, found) : length + 1;
        }

        if (IsCommit(word.TrimEnd('.')))
        {
            Add(word.TrimEnd('.'), found);
        }

        return length;
    }

    private static int Address(ReadOnlySpan<char> rest, int host, List<string> found)
    {
        var end = rest.IndexOfAny(AddressEnds);
        var address = rest[..(end < 0 ? rest.Length : end)];
        var length = address.Length;
        var name = address[host..];
        var hostEnd = name.IndexOfAny('/', '?', '#');
        if (hostEnd > 0 && length <= LongestAddress && IsForge(name[..hostEnd]))
        {
            Add(address.TrimEnd(".,;:!?*_"), found);
        }

        return length;
    }

    private static int Mark(ReadOnlySpan<char> rest, int at, List<string> found)
    {
        var name = rest[(at + 1)..];
        var length = rest[at] switch
        {
            '#' or '!' => NumberLength(name),
            '%' => name.StartsWith("\"") ? QuotedLength(name) : NameLength(name),
            _ => NameLength(name) is > 0 and var letters && !IsEntity(name[letters..]) ? letters : 0,
        };
        if (length > 0)
        {
            Add(rest[..(at + 1 + length)], found);
        }

        return at + 1 + length;
    }

    private static int NumberLength(ReadOnlySpan<char> name)
    {
        var digits = 0;
        while (digits < name.Length && char.IsAsciiDigit(name[digits]))
        {
            digits++;
        }

        return digits is > 0 and <= LongestNumber && (digits == name.Length || !IsWord(name[digits])) ? digits : 0;
    }

    /// <summary>A number, or a word of two characters and more: a single letter is rather a placeholder.</summary>
    private static int NameLength(ReadOnlySpan<char> name)
    {
        if (NumberLength(name) is > 0 and var digits)
        {
            return digits;
        }

        var end = 0;
        while (end < name.Length && end <= LongestName && (IsWord(name[end]) || name[end] is '-' or '.'))
        {
            end++;
        }

        var word = name[..end].TrimEnd(".-");
        return word.Length is >= 2 and <= LongestName && char.IsLetter(word[0]) ? word.Length : 0;
    }

    private static int QuotedLength(ReadOnlySpan<char> name)
    {
        var within = name[1..Math.Min(name.Length, LongestName + 2)];
        var end = within.IndexOfAny('"', '\n');
        return end > 0 && within[end] == '"' ? end + 2 : 0;
    }

    private static void Add(ReadOnlySpan<char> text, List<string> found)
    {
        foreach (var known in found)
        {
            if (text.SequenceEqual(known))
            {
                return;
            }
        }

        found.Add(text.ToString());
    }

    /// <summary>Seven to forty hex digits, or sixty-four, of both sorts: words and plain numbers are none.</summary>
    private static bool IsCommit(ReadOnlySpan<char> word)
    {
        if (word.Length is < 7 or > 40 and not 64)
        {
            return false;
        }

        var (hasDigit, hasLetter) = (false, false);
        foreach (var each in word)
        {
            if (!char.IsAsciiHexDigitLower(each))
            {
                return false;
            }

            hasDigit |= char.IsAsciiDigit(each);
            hasLetter |= !char.IsAsciiDigit(each);
        }

        return hasDigit && hasLetter;
    }

    private static bool IsProject(ReadOnlySpan<char> word)
    {
        var slash = word.IndexOf('/');
        return slash > 0 && word[^1] != '/' && word.Length <= 2 * LongestName && !word.Contains("//", StringComparison.Ordinal);
    }

    private static bool IsForge(ReadOnlySpan<char> host) =>
        host.Contains("github", StringComparison.OrdinalIgnoreCase) || host.Contains("gitlab", StringComparison.OrdinalIgnoreCase);

    private static bool IsEntity(ReadOnlySpan<char> after) => after.StartsWith(";");

    private static bool IsMark(char character) => character is '#' or '!' or '%' or '&';

    private static bool IsPath(char character) => PathChars.Contains(character);

    private static bool IsWord(char character) => char.IsLetterOrDigit(character) || character == '_';
}
