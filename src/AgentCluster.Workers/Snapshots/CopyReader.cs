using System.Globalization;
using System.Text;
using AgentCluster.Workers.Git;
using AgentCluster.Workers.WorkingCopies;

namespace AgentCluster.Workers.Snapshots;

/// <summary>
/// Reads one working copy again and again without touching it. It keeps a copy of the index on the bench and brings into it whatever the
/// files hold; git then finds by itself, in one call, what has changed since the last time. When the real index changes (something
/// was staged, committed, checked out) or a list of ignored files does, it begins anew with a fresh copy. One caller at a time.
/// </summary>
/// <param name="git">Runs git.</param>
/// <param name="bench">Where git works; the same for the life of this reader.</param>
/// <param name="copy">What is read.</param>
/// <param name="name">A name for the copy of the index, unique on the bench().</param>
/// <param name="limits">What is read of it.</param>
internal sealed class CopyReader(GitRunner git, Func<Bench> bench, WorkingCopy copy, string name, SnapshotLimits limits)
{
    // A working copy in which somebody commits at this very moment is read again, this often.
    private const int Attempts = 3;
    private readonly Dictionary<string, (Stamp File, StandIn StandIn)> _standIns = new(StringComparer.Ordinal);
    private Stamp? _index;
    private Snapshot? _last;

    /// <summary>What the working copy holds now. The same object as before if nothing has changed.</summary>
    /// <exception cref="GitException">It cannot be known; the message says why.</exception>
    public async Task<Snapshot> ReadAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var before = Stamp.Of(IndexFile);
            var parents = await ParentsAsync(cancellationToken);
            var snapshot = await ReadAsync(before ?? throw NoIndex(), parents, cancellationToken);
            if (ReferenceEquals(snapshot, _last))
            {
                return snapshot;
            }

            if (Stamp.Of(IndexFile) == before && (await ParentsAsync(cancellationToken)).SequenceEqual(parents))
            {
                return _last = snapshot;
            }

            if (attempt == Attempts)
            {
                throw new GitException($"{copy.Root} changes faster than it can be read");
            }
        }
    }

    private string IndexFile => Path.Combine(copy.GitFolder, "index");

    private async Task<Snapshot> ReadAsync(Stamp index, string[] parents, CancellationToken cancellationToken)
    {
        var fresh = index != _index;
        if (fresh)
        {
            await TakeIndexAsync(index, cancellationToken);
        }

        var changed = await ChangedAsync(cancellationToken);
        if (!fresh && changed.Any(path => path.EndsWith(".gitignore", StringComparison.Ordinal)))
        {
            fresh = true;
            await TakeIndexAsync(index, cancellationToken);
            changed = await ChangedAsync(cancellationToken);
        }

        var standIns = await StandInsAsync(changed, cancellationToken);
        if (!fresh && standIns.Count == 0 && changed.Count == 0 && _last is { } last && last.Parents.SequenceEqual(parents))
        {
            return last;
        }

        await UpdateAsync(changed, fresh, cancellationToken);
        await UpdateAsync(standIns, cancellationToken);
        return await CommitAsync(parents, cancellationToken);
    }

    private async Task<string[]> ParentsAsync(CancellationToken cancellationToken)
    {
        var head = await copy.HeadAsync(git, cancellationToken) ?? throw new GitException($"{copy.Root} has no commit yet");
        var merging = new FileInfo(Path.Combine(copy.GitFolder, "MERGE_HEAD"));
        return merging is { Exists: true, LinkTarget: null, Length: > 0 and < 4096 }
            ? [head, .. (await File.ReadAllLinesAsync(merging.FullName, cancellationToken)).Where(ObjectName.Is)]
            : [head];
    }

    private GitException NoIndex() => new($"{copy.Root} has no index: it is being made, or it is broken");

    private async Task TakeIndexAsync(Stamp index, CancellationToken cancellationToken)
    {
        _index = null;
        _last = null;
        _standIns.Clear();
        if (index.Bytes == 0 || index.Bytes > limits.IndexBytes)
        {
            throw new GitException($"expected an index of 1 to {limits.IndexBytes} bytes in {copy.GitFolder}, found {index.Bytes}");
        }

        foreach (var half in Directory.EnumerateFiles(copy.GitFolder, "sharedindex.*").Where(half => Stamp.Of(half)?.Bytes <= limits.IndexBytes))
        {
            File.Copy(half, bench().SharedIndex(Path.GetFileName(half)), overwrite: true);
        }

        File.Copy(IndexFile, bench().Index(name), overwrite: true);
        // Git takes a file that was written in the second of its index, or later, for possibly changed. The copy must not look younger.
        File.SetLastWriteTimeUtc(bench().Index(name), new(index.WrittenAt.Ticks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, DateTimeKind.Utc));
        var unmerged = await git.RunAsync(bench().At(copy.Root, name, "ls-files", "-z", "--unmerged"), cancellationToken);
        if (unmerged.Required($"read the index of {copy.Root}").Fields is { Length: > 0 } stages)
        {
            var files = stages.Select(stage => stage[(stage.IndexOf('\t', StringComparison.Ordinal) + 1)..]).Distinct(StringComparer.Ordinal);
            throw new GitException($"{copy.Root} is in the middle of a merge; not resolved: {string.Join(", ", files.Take(5))}");
        }

        _index = index;
    }

    // A folder that is a repository of its own, another working copy for one, is no work of this one; git says so with a slash at the end.
    // A file that became a folder goes first: its entry has to be gone before the files in the folder come.
    private async Task<List<string>> ChangedAsync(CancellationToken cancellationToken)
    {
        var call = bench().At(copy.Root, name, "ls-files", "-z", "--modified", "--others", "--exclude-standard");
        var listed = (await git.RunAsync(call, cancellationToken)).Required($"compare the files of {copy.Root}").Fields;
        var changed = listed.Where(path => !path.EndsWith('/')).Distinct(StringComparer.Ordinal)
            .OrderByDescending(path => Directory.Exists(Path.Combine(copy.Root, path))).ToList();
        return changed.Count <= limits.ChangedFiles ? changed : throw new GitException(
            $"expected at most {limits.ChangedFiles} changed and untracked files in {copy.Root}, found {changed.Count}, such as {changed[0]}; is one of them missing in .gitignore?");
    }

    // Takes out of the list what git must not read. Answers those of them that differ from the last time.
    private async Task<List<string>> StandInsAsync(List<string> changed, CancellationToken cancellationToken)
    {
        var filters = await FiltersAsync(changed, cancellationToken);
        var differing = new List<string>();
        foreach (var path in changed.ToList())
        {
            if (Stamp.Of(Path.Combine(copy.Root, path)) is not { } file || !(file.Bytes > limits.FileBytes || filters.ContainsKey(path)))
            {
                _standIns.Remove(path);
                continue;
            }

            changed.Remove(path);
            if (!_standIns.TryGetValue(path, out var known) || known.File != file)
            {
                _standIns[path] = (file, await StandInAsync(path, file, filters.GetValueOrDefault(path), cancellationToken));
                differing.Add(path);
            }
        }

        return differing;
    }

    private async Task<StandIn> StandInAsync(string path, Stamp file, string? filter, CancellationToken cancellationToken) =>
        file.Bytes > limits.FileBytes ? StandIn.TooLarge(file, limits.FileBytes)
        : filter == "lfs" ? await StandIn.LargeFileAsync(Path.Combine(copy.Root, path), cancellationToken)
        : StandIn.Filtered(file, filter!);

    // Only filters that a program is configured for change anything.
    private async Task<Dictionary<string, string>> FiltersAsync(List<string> changed, CancellationToken cancellationToken)
    {
        if (changed.Count == 0 || bench().Settings.Filters.Count == 0)
        {
            return [];
        }

        var call = bench().At(copy.Root, name, "check-attr", "-z", "--stdin", "filter") with { Input = Lines(changed) };
        var fields = (await git.RunAsync(call, cancellationToken)).Required($"read the attributes of {copy.Root}").Fields;
        return fields.Chunk(3).Where(said => said.Length == 3 && bench().Settings.Filters.Contains(said[2]))
            .ToDictionary(said => said[0], said => said[2], StringComparer.Ordinal);
    }

    private async Task UpdateAsync(List<string> changed, bool fresh, CancellationToken cancellationToken)
    {
        if (!fresh && changed.Count == 0)
        {
            return;
        }

        // Written anew even where nothing changed: a young index makes git compare the content of every young file, each time.
        string[] arguments = fresh ? ["update-index", "-q", "--refresh", "--force-write-index"] : ["update-index"];
        var call = bench().At(copy.Root, name, [.. arguments, "--add", "--remove", "--replace", "-z", "--stdin"]) with { Input = Lines(changed) };
        (await git.RunAsync(call, cancellationToken)).Required($"read the files of {copy.Root}");
    }

    private async Task UpdateAsync(List<string> standIns, CancellationToken cancellationToken)
    {
        if (standIns.Count == 0)
        {
            return;
        }

        var texts = new List<string>();
        foreach (var path in standIns)
        {
            texts.Add(bench().Texts(string.Create(CultureInfo.InvariantCulture, $"{name}.{texts.Count}")));
            await File.WriteAllTextAsync(texts[^1], _standIns[path].StandIn.Text, cancellationToken);
        }

        var hash = bench().Alone("hash-object", "-w", "--no-filters", "--stdin-paths") with { Input = GitAnswer.Bytes(string.Concat(texts.Select(text => text + "\n"))) };
        var objects = (await git.RunAsync(hash, cancellationToken)).Required("write on the bench").Text.Split('\n');
        texts.ForEach(File.Delete);
        var entries = new StringBuilder();
        foreach (var (path, stored) in standIns.Zip(objects))
        {
            var mode = (_standIns[path].File.Mode & UnixFileMode.UserExecute) == 0 ? "100644" : "100755";
            entries.Append(CultureInfo.InvariantCulture, $"{mode} {stored}\t{path}\0");
        }

        var call = bench().At(copy.Root, name, "update-index", "--replace", "-z", "--index-info") with { Input = GitAnswer.Bytes(entries.ToString()) };
        (await git.RunAsync(call, cancellationToken)).Required("write on the bench");
    }

    private async Task<Snapshot> CommitAsync(string[] parents, CancellationToken cancellationToken)
    {
        var tree = (await git.RunAsync(bench().At(copy.Root, name, "write-tree", "--missing-ok"), cancellationToken)).Required($"take the files of {copy.Root} together");
        string[] arguments = ["commit-tree", tree.Text.TrimEnd('\n'), .. parents.SelectMany(parent => (string[])["-p", parent])];
        var commit = (await git.RunAsync(bench().Alone(arguments), cancellationToken)).Required($"make a commit of the work in {copy.Root}");
        var unread = _standIns.Where(known => known.Value.StandIn.Unread is not null)
            .ToDictionary(known => known.Key, known => known.Value.StandIn.Unread!, StringComparer.Ordinal);
        return new(commit.Text.TrimEnd('\n'), parents, unread);
    }

    private static byte[] Lines(List<string> paths) => GitAnswer.Bytes(string.Concat(paths.Select(path => path + "\0")));
}
