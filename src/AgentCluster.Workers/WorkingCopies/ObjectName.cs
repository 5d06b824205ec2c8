using System.Buffers;

namespace AgentCluster.Workers.WorkingCopies;

/// <summary>The full name of an object of git: 40 digits, or 64 where a repository uses SHA-256.</summary>
internal static class ObjectName
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789abcdef");

    public static bool Is(string text) => text.Length is 40 or 64 && !text.AsSpan().ContainsAnyExcept(Digits);
}
