using System.Collections.Immutable;
using AgentCluster.Domain.Repositories;

namespace AgentCluster.Domain.Reservations;

/// <summary>
/// Patterns by the names before their first wildcard: two can only overlap where the one's names begin the other's, so whoever asks
/// looks at those few, and each of them exactly. Immutable.
/// </summary>
internal sealed class GlobIndex
{
    public static GlobIndex Empty { get; } = new(Node.Empty);

    private readonly Node _root;

    private GlobIndex(Node root) => _root = root;

    public GlobIndex Add(string owner, Glob glob) => new(_root.With([.. glob.Root], 0, node => node with { Here = node.Here.SetItem(KeyOf(owner, glob), new(owner, glob)) }));

    public GlobIndex Remove(string owner, Glob glob) => new(_root.With([.. glob.Root], 0, node => node with { Here = node.Here.Remove(KeyOf(owner, glob)) }));

    /// <summary>Whose patterns overlap with this one; who has several may come several times.</summary>
    public IEnumerable<Entry> Overlapping(Glob glob)
    {
        var node = _root;
        foreach (var name in glob.Root)
        {
            foreach (var entry in node.Here.Values.Where(entry => entry.Glob.Overlaps(glob)))
            {
                yield return entry;
            }

            if (node.Below.GetValueOrDefault(name) is not { } next)
            {
                yield break;
            }

            node = next;
        }

        foreach (var entry in node.All().Where(entry => entry.Glob.Overlaps(glob)))
        {
            yield return entry;
        }
    }

    /// <summary>Whose patterns mean this path.</summary>
    public IEnumerable<Entry> Meaning(RepositoryPath path)
    {
        var node = _root;
        foreach (var name in path.Value.Split('/').Append(""))
        {
            foreach (var entry in node.Here.Values.Where(entry => entry.Glob.Matches(path)))
            {
                yield return entry;
            }

            if (node.Below.GetValueOrDefault(name) is not { } next)
            {
                yield break;
            }

            node = next;
        }
    }

    private static string KeyOf(string owner, Glob glob) => $"{owner}\n{glob.Text}";

    /// <summary>One pattern.</summary>
    /// <param name="Owner">Whose.</param>
    /// <param name="Glob">The pattern.</param>
    internal sealed record Entry(string Owner, Glob Glob);

    /// <summary>The patterns that begin with the same names.</summary>
    /// <param name="Here">Those that have a wildcard next, or end.</param>
    /// <param name="Below">Those that go on with another name.</param>
    private sealed record Node(ImmutableSortedDictionary<string, Entry> Here, ImmutableSortedDictionary<string, Node> Below)
    {
        public static Node Empty { get; } = new(
            ImmutableSortedDictionary.Create<string, Entry>(StringComparer.Ordinal), ImmutableSortedDictionary.Create<string, Node>(StringComparer.Ordinal));

        public Node With(ReadOnlySpan<string> names, int at, Func<Node, Node> change)
        {
            if (at == names.Length)
            {
                return change(this);
            }

            var below = (Below.GetValueOrDefault(names[at]) ?? Empty).With(names, at + 1, change);
            return this with { Below = below.Here.IsEmpty && below.Below.IsEmpty ? Below.Remove(names[at]) : Below.SetItem(names[at], below) };
        }

        public IEnumerable<Entry> All() => Here.Values.Concat(Below.Values.SelectMany(node => node.All()));
    }
}
