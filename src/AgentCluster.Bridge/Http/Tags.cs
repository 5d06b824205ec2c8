using System.Globalization;
using System.Runtime.InteropServices;
using AgentCluster.Bridge.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace AgentCluster.Bridge.Http;

/// <summary>
/// Entity tags. A write answers with <c>"version"</c>. A read answers with <c>"version-digest"</c>: what it shows changes
/// without the thing's own doing (a dependency ends, a lease is renewed), and 304 must never hide that. If-Match asks for
/// the version alone, so it takes both.
/// </summary>
internal static class Tags
{
    public const string IfMatch = "If-Match";

    public const string IfNoneMatch = "If-None-Match";

    /// <summary>Characters of either header at most.</summary>
    public const int LongestHeader = 1_000;

    /// <summary>The tag that a write answers with.</summary>
    /// <param name="version">What the thing is at now.</param>
    public static string Of(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>The tag that a read answers with.</summary>
    /// <param name="version">What the thing is at.</param>
    /// <param name="shown">All that is shown.</param>
    public static string Of(long version, ReadOnlySpan<byte> shown) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{version}-{Digest(shown):x16}\"");

    /// <summary>Whether the caller has already what would be shown.</summary>
    /// <param name="request">Checked by <see cref="CheckIfNoneMatch"/>.</param>
    /// <param name="tag">Of what would be shown.</param>
    public static bool IsKnown(HttpRequest request, string tag)
    {
        var header = request.Headers.IfNoneMatch;
        return header.Count > 0
            && EntityTagHeaderValue.TryParseList(header, out var known)
            && known.Any(one => one.Tag == "*" || one.Tag == tag);
    }

    /// <summary>Says what is wrong with an If-None-Match; null when nothing is.</summary>
    /// <param name="request">The request.</param>
    public static Problem? CheckIfNoneMatch(HttpRequest request)
    {
        var header = request.Headers.IfNoneMatch;
        return header.Count == 0 || (header.Sum(one => one?.Length ?? 0) <= LongestHeader && EntityTagHeaderValue.TryParseStrictList(header, out _))
            ? null
            : Problem.Invalid(IfNoneMatch, $"must be ETags as they were answered, of at most {LongestHeader} characters, or *.");
    }

    /// <summary>Reads an If-Match.</summary>
    /// <param name="request">The request.</param>
    /// <param name="isTaken">Whether the operation looks at versions.</param>
    /// <param name="version">The version asked for; null when any will do, 0 when it is none that was ever given.</param>
    /// <returns>What is wrong with it, or null.</returns>
    public static Problem? TryReadIfMatch(HttpRequest request, bool isTaken, out long? version)
    {
        version = null;
        var header = request.Headers.IfMatch;
        if (header.Count == 0)
        {
            return null;
        }

        if (!isTaken)
        {
            return Problem.Invalid(IfMatch, "is not taken here: this call does not look at versions.");
        }

        if (header is not [{ Length: <= LongestHeader } text]
            || !EntityTagHeaderValue.TryParse(text, out var tag)
            || tag.IsWeak)
        {
            return Problem.Invalid(IfMatch, "must be one ETag as it was answered, such as \"7\", or *.");
        }

        version = tag.Tag == "*" ? null : VersionOf(tag.Tag.AsSpan().Trim('"'));
        return null;
    }

    private static long VersionOf(ReadOnlySpan<char> tag)
    {
        var dash = tag.IndexOf('-');
        var number = dash < 0 ? tag : tag[..dash];
        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;
    }

    /// <summary>FNV-1a over eight bytes at a time: tells one showing from the next, and guards nothing.</summary>
    private static ulong Digest(ReadOnlySpan<byte> shown)
    {
        var digest = 14_695_981_039_346_656_037UL;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(shown))
        {
            digest = (digest ^ word) * 1_099_511_628_211UL;
            digest ^= digest >> 32;
        }

        foreach (var one in shown[(shown.Length & ~7)..])
        {
            digest = (digest ^ one) * 1_099_511_628_211UL;
        }

        return digest;
    }
}
