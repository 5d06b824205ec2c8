using System.Buffers;

namespace AgentCluster.Domain.Repositories;

/// <summary>
/// Which names the parts of a path may have: those that mean one file on every system that checks the repository out, and in
/// one spelling only (RELIABILITY 47). What has two spellings is refused, not guessed.
/// </summary>
internal static class PathNames
{
    private const int MostCharacters = 255;

    private static readonly SearchValues<string> Devices = SearchValues.Create(
        ["con", "prn", "aux", "nul", "conin$", "conout$"], StringComparison.OrdinalIgnoreCase);

    /// <summary>What is wrong with a part of a path; null when nothing is.</summary>
    /// <param name="name">Not empty; a pattern's wildcards may stand in it.</param>
    public static string? Problem(ReadOnlySpan<char> name)
    {
        if (name.Length > MostCharacters)
        {
            return $"Expected names of at most {MostCharacters} characters, found one of {name.Length}.";
        }

        if (Spelling(name) is { } spelling)
        {
            return spelling;
        }

        if (name.SequenceEqual("..") || IsEncodedDots(name))
        {
            return "Expected a path that stays in the repository, found '..'.";
        }

        if (name[^1] is '.' or ' ' && !name.SequenceEqual("."))
        {
            return $"Expected names that do not end with a dot or a space, which Windows drops, found '{name}'.";
        }

        if (name.Equals(".git", StringComparison.OrdinalIgnoreCase))
        {
            return "Expected a file of the working copy, found one of git's own: '.git'.";
        }

        if (IsDevice(name))
        {
            return $"Expected names of files, found '{name}', which is a device on Windows.";
        }

        return IsShortName(name) ? $"Expected full names, found '{name}', which may be the short name of another file." : null;
    }

    private static string? Spelling(ReadOnlySpan<char> name)
    {
        foreach (var character in name)
        {
            switch (character)
            {
                case '\\':
                    return "Expected '/' between names, found '\\'.";
                case ':':
                    return "Expected names without ':', which names a drive or a stream on Windows.";
                case < ' ' or (>= '\u007f' and <= '\u009f'):
                    return $"Expected no control characters, found U+{(int)character:X4}.";
                case (>= '\u200b' and <= '\u200f') or (>= '\u202a' and <= '\u202e') or (>= '\u2060' and <= '\u2069') or '\ufeff':
                    return $"Expected characters that can be seen, found U+{(int)character:X4}.";
                case var other when IsDecomposed(other):
                    return $"Expected composed characters (NFC), found U+{(int)other:X4}, which has two spellings.";
            }
        }

        return null;
    }

    // The runtime carries no tables of Unicode's compositions. These are the marks, letters and singletons that change in NFC:
    // diacritics, kana's sound marks, Hangul's parts, Kelvin, Ohm and Ångström, and the compatibility ideographs.
    private static bool IsDecomposed(char character) => character
        is (>= '\u0300' and <= '\u036f')
        or (>= '\u1100' and <= '\u11ff')
        or '\u3099' or '\u309a'
        or '\u212a' or '\u2126' or '\u212b'
        or (>= '\uf900' and <= '\ufaff');

    private static bool IsEncodedDots(ReadOnlySpan<char> name) =>
        name.Contains('%') && Uri.UnescapeDataString(name.ToString()) is var plain && (plain is "." or ".." || plain.AsSpan().ContainsAny('/', '\\', '\0'));

    private static bool IsDevice(ReadOnlySpan<char> name)
    {
        var stem = name[..(name.IndexOf('.') is >= 0 and var dot ? dot : name.Length)].TrimEnd(' ');
        return Devices.Contains(stem.ToString())
            || (stem.Length == 4 && stem[3] is >= '1' and <= '9'
                && (stem[..3].Equals("com", StringComparison.OrdinalIgnoreCase) || stem[..3].Equals("lpt", StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>As <c>PROGRA~1.TXT</c>: at most eight characters, the last of them a tilde and a number.</summary>
    private static bool IsShortName(ReadOnlySpan<char> name)
    {
        var stem = name[..(name.IndexOf('.') is >= 0 and var dot ? dot : name.Length)];
        var tilde = stem.LastIndexOf('~');
        return stem.Length <= 8 && tilde > 0 && tilde < stem.Length - 1 && !stem[(tilde + 1)..].ContainsAnyExceptInRange('0', '9');
    }
}
