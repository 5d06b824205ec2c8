using AgentCluster.Workers.Git;
using AgentCluster.Workers.Snapshots;

namespace AgentCluster.Workers.WorkingCopies;

/// <summary>
/// A folder of our own on which git works for one repository. It looks like a repository whose objects lie elsewhere: git reads the real
/// ones and writes new ones here, keeps the copies of indexes here, and finds here the only configuration there is. The real repository
/// and its working copies are read and never written.
/// </summary>
public sealed class Bench : IDisposable
{
    // What a repository brings along for all its working copies. A file larger than this is no list of patterns.
    private const int BroughtBytes = 1 << 20;
    private static readonly string[] Brought = ["info/exclude", "info/attributes", "shallow"];
    private readonly string _folder;

    private Bench(string folder, RepositorySettings settings)
    {
        _folder = folder;
        Settings = settings;
    }

    internal RepositorySettings Settings { get; }

    /// <summary>Makes one in a folder that does not exist yet, for a repository. Its working copies may belong to several clones; the first one's settings count.</summary>
    /// <exception cref="GitException">The repository's configuration cannot be read.</exception>
    internal static async Task<Bench> MakeAsync(GitRunner git, string folder, IReadOnlyList<WorkingCopy> copies, CancellationToken cancellationToken)
    {
        var copy = copies[0];
        var settings = await RepositorySettings.ReadAsync(git, copy, cancellationToken);
        var objects = Objects(copies);
        if (objects.FirstOrDefault(path => path.AsSpan().ContainsAny('\n', '"')) is { } odd)
        {
            throw new GitException($"expected the path of a repository without line break and quotation mark, found '{odd}'");
        }

        foreach (var part in (string[])["objects/info", "refs", "info", "indexes", "texts"])
        {
            Directory.CreateDirectory(Path.Combine(folder, part));
        }

        await File.WriteAllTextAsync(Path.Combine(folder, "HEAD"), "ref: refs/heads/none\n", cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "config"), settings.Write(), cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "objects/info/alternates"), string.Concat(objects.Select(path => path + "\n")), cancellationToken);
        foreach (var brought in Brought)
        {
            var there = new FileInfo(Path.Combine(copy.CommonFolder, brought));
            if (there is { Exists: true, Length: > 0 and <= BroughtBytes, LinkTarget: null })
            {
                there.CopyTo(Path.Combine(folder, brought));
            }
        }

        return new(folder, settings);
    }

    /// <summary>What a bench for these would be made of, for telling whether another one is needed.</summary>
    internal static string Brings(IReadOnlyList<WorkingCopy> copies) => string.Join('\n', Objects(copies).Concat(copies.Count == 0 ? []
        : Brought.Append("config").Select(file => $"{file} {Stamp.Of(Path.Combine(copies[0].CommonFolder, file))}")));

    internal string Index(string name) => Path.Combine(_folder, "indexes", name);

    internal string Texts(string name) => Path.Combine(_folder, "texts", name);

    /// <summary>Where a split index finds its other half.</summary>
    internal string SharedIndex(string name) => Path.Combine(_folder, name);

    /// <summary>A call that sees the files below a root, a copy of an index, and nothing else of a working copy.</summary>
    internal GitCall At(string root, string index, params string[] arguments) => new(root, arguments)
    {
        Environment = [("GIT_DIR", _folder), ("GIT_WORK_TREE", root), ("GIT_INDEX_FILE", Index(index))],
    };

    /// <summary>A call that sees objects alone.</summary>
    internal GitCall Alone(params string[] arguments) => new(_folder, arguments) { Environment = [("GIT_DIR", _folder)] };

    private static IEnumerable<string> Objects(IReadOnlyList<WorkingCopy> copies) =>
        copies.Select(copy => copy.ObjectFolder).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    /// <summary>Takes it away with all that was written.</summary>
    public void Dispose()
    {
        try
        {
            Directory.Delete(_folder, recursive: true);
        }
        catch (IOException)
        {
            // A killed call may leave a file at the last moment; the folder above is emptied when the node starts.
        }
    }
}
