using System.Collections.Immutable;

namespace AgentCluster.Node.Hocon;

/// <summary>Where a text that is being read stands among all that are read.</summary>
/// <param name="Files">The files on the way to it, itself last; none for a text that is no file.</param>
/// <param name="Included">The path under which it is included; empty at the root.</param>
/// <param name="Depth">How deep that is.</param>
/// <param name="Count">What was read so far.</param>
internal sealed record Place(ImmutableArray<string> Files, ImmutableArray<string> Included, int Depth, ReadCount Count)
{
    public static Place Root(params ImmutableArray<string> files) => new(files, [], 0, new());
}

/// <summary>Counts what is read, over all files that include each other.</summary>
internal sealed class ReadCount
{
    private int _values;
    private int _files;

    /// <exception cref="HoconException">It is one too many.</exception>
    public void Value(Origin origin)
    {
        if (++_values > HoconBounds.Values)
        {
            throw new HoconException(origin, $"expected at most {HoconBounds.Values} values in all files, found more.");
        }
    }

    /// <exception cref="HoconException">It is one too many.</exception>
    public void File(Origin origin)
    {
        if (++_files > HoconBounds.Files)
        {
            throw new HoconException(origin, $"expected at most {HoconBounds.Files} included files, found more.");
        }
    }
}
