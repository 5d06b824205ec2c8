namespace AgentCluster.TestKit.Stores;

/// <summary>
/// Compares text as the databases do: by code point. Ordinal comparison of UTF-16 puts a character beyond U+FFFF before
/// U+E000 to U+FFFF, because its surrogates are smaller.
/// </summary>
internal sealed class CodePoints : IComparer<string>
{
    public static CodePoints Order { get; } = new();

    public int Compare(string? x, string? y)
    {
        var left = x.AsSpan();
        var right = y.AsSpan();
        var same = left.CommonPrefixLength(right);
        return same == left.Length || same == right.Length
            ? left.Length.CompareTo(right.Length)
            : Weight(left[same]).CompareTo(Weight(right[same]));
    }

    private static int Weight(char unit) => char.IsSurrogate(unit) ? unit + 0x2000 : unit >= '\uE000' ? unit - 0x800 : unit;
}
