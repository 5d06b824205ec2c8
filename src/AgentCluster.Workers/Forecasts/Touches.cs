using AgentCluster.Workers.Git;
using AgentCluster.Workers.WorkingCopies;

namespace AgentCluster.Workers.Forecasts;

/// <summary>What one side of a merge did to its files since a common ancestor, and when two such sides cannot meet.</summary>
internal sealed class Touches
{
    private readonly HashSet<string> _paths;
    private readonly HashSet<string> _folders;
    private readonly bool _adds;
    private readonly bool _deletes;

    private Touches(IReadOnlyList<TouchedFile> files)
    {
        Files = files;
        _paths = new(files.Select(file => file.Path), StringComparer.Ordinal);
        _folders = new(files.SelectMany(file => Folders(file.Path)), StringComparer.Ordinal);
        _adds = files.Any(file => file.How == Touch.Added);
        _deletes = files.Any(file => file.How == Touch.Deleted);
    }

    public IReadOnlyList<TouchedFile> Files { get; }

    public static async Task<Touches> ReadAsync(GitRunner git, Bench bench, string from, string to, CancellationToken cancellationToken)
    {
        var call = bench.Alone("diff-tree", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", "--no-ext-diff", "--no-textconv", "--ignore-submodules=none", "--end-of-options", from, to);
        var fields = (await git.RunAsync(call, cancellationToken)).Required("compare two commits").Fields;
        return new([.. fields.Chunk(2).Where(pair => pair.Length == 2).Select(pair => new TouchedFile(pair[1], How(pair[0])))]);
    }

    public bool Has(string path) => _paths.Contains(path);

    /// <summary>The paths that both touched.</summary>
    public IEnumerable<string> Common(Touches other) => _paths.Where(other._paths.Contains);

    /// <summary>
    /// Whether a merge of the two, from the one ancestor that both were compared with, is clean without being tried. Each path is then
    /// touched on one side at most, and its other two versions are equal, so a merge takes the one that differs; no content is ever merged.
    /// Three things could still bring two paths together. A renamed file counts as deleted and added, so whoever changes it under the old name
    /// or adds one under the new name touches the same path. A file in the place of a folder shows as a path that is a folder of
    /// another. A renamed folder takes along what the other side adds to it, under no common path: so where one side deletes anything
    /// and the other adds anything, the answer is no.
    /// </summary>
    public bool CannotMeet(Touches other) =>
        !(_deletes && other._adds) && !(other._deletes && _adds)
        && !_paths.Overlaps(other._paths) && !_paths.Overlaps(other._folders) && !_folders.Overlaps(other._paths);

    /// <summary>Whether what is unknown about some files of this side can matter to the other: it touches one of them, or one that this side deleted, which may be one of them under its old name.</summary>
    /// <param name="unread">The files whose content is unknown.</param>
    /// <param name="other">The other side.</param>
    public string? Unknown(IReadOnlyDictionary<string, string> unread, Touches other) =>
        unread.Count == 0 ? null
        : unread.Where(file => other.Has(file.Key) || other._folders.Contains(file.Key)).Select(file => $"{file.Key} {file.Value}").FirstOrDefault()
        ?? (Files.Any(file => file.How == Touch.Deleted && other.Has(file.Path)) ? unread.Select(file => $"{file.Key} {file.Value}").First() : null);

    // :<mode> <mode> <object> <object> <letter>
    private static Touch How(string said)
    {
        var parts = said.Split(' ');
        return parts[4] switch
        {
            "A" => Touch.Added,
            "D" => Touch.Deleted,
            _ when parts[2] == parts[3] => Touch.Mode,
            _ => Touch.Modified,
        };
    }

    private static IEnumerable<string> Folders(string path)
    {
        for (var at = path.LastIndexOf('/'); at > 0; at = path.LastIndexOf('/', at - 1))
        {
            yield return path[..at];
        }
    }
}
