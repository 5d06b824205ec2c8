using System.Globalization;
using AgentCluster.Workers.Git;
using AgentCluster.Workers.Merges;
using AgentCluster.Workers.Snapshots;
using AgentCluster.Workers.WorkingCopies;

namespace AgentCluster.Workers.Forecasts;

/// <summary>
/// The forecast of one repository, kept fresh by sweeps. A sweep reads every working copy (two or three short calls of git where nothing
/// has changed), and judges anew only the pairs of those that changed: those that touched nothing in common without git, the others in one
/// call for each working copy that changed. What is judged is named by its commits, so a verdict is never older than what it says; what git gave
/// no answer to is asked again after 2 sweeps, then 4, and at last 128. One sweep at a time.
/// </summary>
/// <param name="git">Runs git.</param>
/// <param name="folder">A folder of our own; it is made, and emptied by <see cref="Dispose"/>.</param>
/// <param name="limits">What is read of a working copy.</param>
/// <param name="roots">The folders in one of which a working copy and its repository must lie, with all links followed; none: anywhere.</param>
public sealed class ForecastMatrix(GitRunner git, string folder, SnapshotLimits limits, IReadOnlyList<string> roots) : IDisposable
{
    // Snapshots and merges leave objects on the bench; after as many snapshots it is made anew.
    private const int SnapshotsOfABench = 5_000;
    private readonly Dictionary<string, CopyState> _copies = new(StringComparer.Ordinal);
    private readonly Dictionary<(string A, string? B), Judgement> _judged = [];
    private readonly Ancestry _ancestry = new(git);
    private Bench? _bench;
    private string _brought = "";
    private int _benches;
    private int _snapshots;
    private long _sweeps;

    /// <summary>Reads all working copies and says what they would come to.</summary>
    /// <param name="watched">All of the repository on this machine. One that is left out is forgotten.</param>
    /// <param name="cancellationToken">Ends it; the next sweep begins where this one stood.</param>
    public async Task<Sweep> SweepAsync(IReadOnlyList<WatchedCopy> watched, CancellationToken cancellationToken)
    {
        _sweeps++;
        Forget(watched);
        var failed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var copy in watched.Where(copy => !_copies.ContainsKey(copy.Name)))
        {
            await OpenAsync(copy, failed, cancellationToken);
        }

        await RenewAsync(cancellationToken);
        var states = watched.Select(copy => _copies.GetValueOrDefault(copy.Name)).OfType<CopyState>().ToList();
        var bases = new Dictionary<(string, string), Task<string?>>();
        await Task.WhenAll(states.Select(state => ReadAsync(state, bases, cancellationToken)));
        await JudgeAsync(states, cancellationToken);

        var pairs = Pairs(watched).Select(pair => new PairVerdict(pair.A, pair.B, VerdictOf(pair, failed))).ToList();
        var copies = watched.Select(copy => Report(copy, failed)).ToList();
        foreach (var gone in states.Where(state => state.Snapshot is null))
        {
            _copies.Remove(gone.Watched.Name); // Opened anew next time: another one may be at its place by then.
        }

        var ignoresCase = _bench?.Settings.Kept.Any(kept => kept.Key == "core.ignorecase" && kept.Value.Equals("true", StringComparison.OrdinalIgnoreCase));
        return new(copies, pairs, ignoresCase);
    }

    /// <summary>Takes the folder away.</summary>
    public void Dispose() => _bench?.Dispose();

    private static IEnumerable<(string A, string? B)> Pairs(IReadOnlyList<WatchedCopy> watched)
    {
        var names = watched.Select(copy => copy.Name).Order(StringComparer.Ordinal).ToList();
        for (var i = 0; i < names.Count; i++)
        {
            yield return (names[i], null);
            for (var j = i + 1; j < names.Count; j++)
            {
                yield return (names[i], names[j]);
            }
        }
    }

    private void Forget(IReadOnlyList<WatchedCopy> watched)
    {
        var wanted = watched.ToHashSet();
        foreach (var (name, _) in _copies.Where(known => !wanted.Contains(known.Value.Watched)).ToList())
        {
            _copies.Remove(name);
        }

        var names = watched.Select(copy => copy.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var pair in _judged.Keys.Where(pair => !names.Contains(pair.A) || (pair.B is not null && !names.Contains(pair.B))).ToList())
        {
            _judged.Remove(pair);
        }
    }

    private async Task OpenAsync(WatchedCopy watched, Dictionary<string, string> failed, CancellationToken cancellationToken)
    {
        try
        {
            var copy = await WorkingCopy.OpenAsync(git, watched.Path, cancellationToken);
            var outside = new[] { copy.Root, copy.CommonFolder, copy.ObjectFolder }.FirstOrDefault(path => !IsAllowed(path));
            if (outside is not null)
            {
                failed[watched.Name] = $"{outside} lies in none of the folders in which working copies may lie (agentcluster.git.roots)";
                return;
            }

            Keep(watched, copy);
        }
        catch (GitException refused)
        {
            failed[watched.Name] = refused.Message;
        }
    }

    private bool IsAllowed(string path) => roots.Count == 0 || roots.Any(root => path.StartsWith(root + "/", StringComparison.Ordinal));

    private void Keep(WatchedCopy watched, WorkingCopy copy)
    {
        var index = string.Create(CultureInfo.InvariantCulture, $"i{_snapshots++}");
        _copies[watched.Name] = new(watched, copy, new(git, () => _bench!, copy, index, limits), index);
    }

    // What lies on a bench was taken over from the repository: where that changes, everything is read anew.
    private async Task RenewAsync(CancellationToken cancellationToken)
    {
        var copies = _copies.Values.Select(state => state.Copy).OrderBy(copy => copy.CommonFolder, StringComparer.Ordinal).ToList();
        var brought = Bench.Brings(copies);
        if (copies.Count == 0 || (_bench is not null && brought == _brought && _snapshots < SnapshotsOfABench))
        {
            return;
        }

        _bench?.Dispose();
        _bench = null;
        _snapshots = 0;
        try
        {
            _bench = await Bench.MakeAsync(git, Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{_benches++}")), copies, cancellationToken);
            _brought = brought;
            foreach (var state in _copies.Values.ToList())
            {
                Keep(state.Watched, state.Copy);
            }
        }
        catch (Exception failure) when (failure is GitException or IOException)
        {
            foreach (var state in _copies.Values)
            {
                state.Snapshot = null;
                state.Problem = failure.Message;
            }
        }
    }

    private async Task ReadAsync(CopyState state, Dictionary<(string, string), Task<string?>> bases, CancellationToken cancellationToken)
    {
        if (_bench is null)
        {
            return;
        }

        try
        {
            var before = state.Snapshot;
            var snapshot = await state.Reader.ReadAsync(cancellationToken);
            Task<string?>? resolving;
            lock (bases)
            {
                if (!bases.TryGetValue((state.Copy.CommonFolder, state.Watched.Base), out resolving))
                {
                    bases[(state.Copy.CommonFolder, state.Watched.Base)] = resolving = state.Copy.ResolveAsync(git, state.Watched.Base, cancellationToken);
                }
            }

            state.BaseCommit = await resolving;
            state.Fork = state.BaseCommit is null ? null : await _ancestry.CommonAsync(_bench, state.BaseCommit, snapshot.Parents[0], cancellationToken);
            var compared = (state.Fork ?? snapshot.Parents[0], snapshot.Commit);
            if (state.Compared != compared)
            {
                state.Touches = await Touches.ReadAsync(git, _bench, compared.Item1, compared.Item2, cancellationToken);
                state.Compared = compared;
            }

            Interlocked.Add(ref _snapshots, ReferenceEquals(before, snapshot) ? 0 : 1);
            state.Snapshot = snapshot;
            state.Problem = null;
        }
        catch (Exception failure) when (failure is GitException or IOException or UnauthorizedAccessException)
        {
            state.Snapshot = null;
            state.Problem = failure.Message;
        }
    }

    private async Task JudgeAsync(List<CopyState> states, CancellationToken cancellationToken)
    {
        var read = states.Where(state => state.Snapshot is not null).ToDictionary(state => state.Watched.Name, StringComparer.Ordinal);
        var open = new List<(CopyState A, CopyState? B, string Other)>();
        foreach (var (a, b) in Pairs([.. read.Values.Select(state => state.Watched)]))
        {
            var (mine, theirs) = (read[a], b is null ? null : read[b]);
            var other = theirs is null ? mine.BaseCommit : theirs.Snapshot!.Commit;
            if (other is not null && !(_judged.TryGetValue((a, b), out var known) && known.Stands(mine.Snapshot!.Commit, other, _sweeps)))
            {
                open.Add((mine, theirs, other));
            }
        }

        var tried = await Task.WhenAll(open.Select(async pair => (Pair: pair, Apart: await AreApartAsync(pair.A, pair.B, cancellationToken))));
        foreach (var (pair, _) in tried.Where(one => one.Apart))
        {
            Keep(pair, new Verdict.Clean(), hasAnswer: true);
        }

        var left = tried.Where(one => !one.Apart).Select(one => one.Pair).ToList();
        await Task.WhenAll(ByHub(left).Select(hub => MergeAsync(hub.Into, hub.Others, cancellationToken)));
    }

    // One call of git merges many into one: the working copy with most pairs left takes them, then the next.
    private static List<(CopyState Into, List<(CopyState A, CopyState? B, string Other)> Others)> ByHub(List<(CopyState A, CopyState? B, string Other)> pairs)
    {
        var hubs = new List<(CopyState, List<(CopyState, CopyState?, string)>)>();
        var left = pairs;
        while (left.Count > 0)
        {
            var into = left.SelectMany(pair => pair.B is null ? [pair.A] : (CopyState[])[pair.A, pair.B]).CountBy(state => state).MaxBy(count => count.Value).Key;
            hubs.Add((into, left.FindAll(pair => pair.A == into || pair.B == into)));
            left = left.FindAll(pair => pair.A != into && pair.B != into);
        }

        return hubs;
    }

    private async Task MergeAsync(CopyState into, List<(CopyState A, CopyState? B, string Other)> pairs, CancellationToken cancellationToken)
    {
        var others = pairs.Select(pair => pair.B == into ? pair.A.Snapshot!.Commit : pair.Other).ToList();
        var verdicts = await MergeForecast.JudgeAsync(git, _bench!, into.Copy.Root, into.Index, into.Snapshot!.Commit, others, cancellationToken);
        foreach (var (pair, verdict) in pairs.Zip(verdicts))
        {
            var (reason, hasAnswer) = await WhatIsUnknownAsync(pair.A, pair.B, pair.Other, cancellationToken);
            Keep(pair, reason is null ? verdict : new Verdict.Unknown(reason), hasAnswer && (reason is not null || verdict is not Verdict.Unknown));
        }
    }

    private void Keep((CopyState A, CopyState? B, string Other) pair, Verdict verdict, bool hasAnswer)
    {
        lock (_judged)
        {
            var names = (pair.A.Watched.Name, pair.B?.Watched.Name);
            Judgement judged = new(pair.A.Snapshot!.Commit, pair.Other, verdict);
            _judged[names] = hasAnswer ? judged : judged.WithoutAnswer(_judged.GetValueOrDefault(names), _sweeps);
        }
    }

    private async Task<bool> AreApartAsync(CopyState a, CopyState? b, CancellationToken cancellationToken)
    {
        if (b is null)
        {
            return a.Fork is not null && a.Fork == a.BaseCommit;
        }

        try
        {
            return a.Fork is not null && a.Fork == b.Fork && a.Touches!.CannotMeet(b.Touches!)
                && await _ancestry.CommonAsync(_bench!, a.Snapshot!, b.Snapshot!, cancellationToken) == a.Fork;
        }
        catch (GitException)
        {
            return false; // Then git merges them, and says what it can of this pair; the others have their verdicts.
        }
    }

    // What git was not shown: files that were not read, and files that a program of the repository's would merge. Of the same commits that is always so.
    private async Task<(string? Reason, bool HasAnswer)> WhatIsUnknownAsync(CopyState a, CopyState? b, string other, CancellationToken cancellationToken)
    {
        var drivers = _bench!.Settings.Drivers;
        if (drivers.Count == 0 && a.Snapshot!.Unread.Count == 0 && (b is null || b.Snapshot!.Unread.Count == 0))
        {
            return (null, true);
        }

        try
        {
            var theirs = b?.Touches ?? await Touches.ReadAsync(git, _bench, a.Compared!.Value.From, other, cancellationToken);
            return (a.Touches!.Unknown(a.Snapshot!.Unread, theirs)
                ?? (b is null ? null : theirs.Unknown(b.Snapshot!.Unread, a.Touches!))
                ?? (drivers.Count == 0 ? null : await DrivenAsync(a, [.. a.Touches!.Common(theirs)], drivers, cancellationToken)), true);
        }
        catch (GitException failure)
        {
            return (failure.Message, false);
        }
    }

    private async Task<string?> DrivenAsync(CopyState state, string[] paths, IReadOnlySet<string> drivers, CancellationToken cancellationToken)
    {
        var standard = _bench!.Settings.Kept.FirstOrDefault(kept => kept.Key == "merge.default").Value;
        var call = _bench.At(state.Copy.Root, state.Index, "check-attr", "-z", "--stdin", "merge") with { Input = GitAnswer.Bytes(string.Concat(paths.Select(path => path + "\0"))) };
        return (await git.RunAsync(call, cancellationToken)).Required($"read the attributes of {state.Copy.Root}").Fields.Chunk(3)
            .Select(said => (Path: said[0], Driver: said[2] == "unspecified" ? standard : said[2]))
            .Where(said => said.Driver is not null && drivers.Contains(said.Driver))
            .Select(said => $"{said.Path} is merged by the program '{said.Driver}', which is not run").FirstOrDefault();
    }

    private Verdict VerdictOf((string A, string? B) pair, Dictionary<string, string> failed)
    {
        foreach (var name in (string?[])[pair.A, pair.B])
        {
            if (name is not null && (failed.GetValueOrDefault(name) ?? (_copies[name].Snapshot is null ? _copies[name].Problem : null)) is { } problem)
            {
                return new Verdict.Unknown(problem);
            }
        }

        return pair.B is null && _copies[pair.A].BaseCommit is null ? new Verdict.Unknown($"there is no branch or commit '{_copies[pair.A].Watched.Base}'")
            : _judged.TryGetValue(pair, out var known) ? known.Verdict
            : new Verdict.Unknown("it was not judged yet");
    }

    private CopyReport Report(WatchedCopy watched, Dictionary<string, string> failed) =>
        failed.TryGetValue(watched.Name, out var problem) || _copies[watched.Name] is not { Snapshot: { } snapshot } state
            ? new(watched.Name, null, null, [], problem ?? _copies[watched.Name].Problem ?? "it was not read")
            : new(watched.Name, snapshot.Parents[0], state.BaseCommit, state.Touches!.Files, null);
}
