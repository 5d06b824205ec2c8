using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.ConflictDetector;
using AgentCluster.Domain.Queries;
using AgentCluster.Domain.Repositories;
using AgentCluster.Domain.Worktrees;
using AgentCluster.Node.Settings;
using AgentCluster.Workers.Forecasts;
using AgentCluster.Workers.Git;
using AgentCluster.Workers.WorkingCopies;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Node.Forecasts;

/// <summary>
/// Watches the worktrees that lie on this machine and tells each repository's conflict detector what is in them and what merges would
/// come to. It decides nothing and keeps nothing: what it tells may be told again, and is, now and then, because a detector may have
/// forgotten a worktree and learned of it anew between two looks.
/// </summary>
/// <param name="program">The absolute path of git.</param>
/// <param name="settings">How often it looks, and what a look may take.</param>
/// <param name="alone">Whether no other node could see what this one does not: then it tells also of places where nothing is.</param>
/// <param name="rows">Where the worktrees are listed.</param>
/// <param name="actors">Reaches the detectors.</param>
/// <param name="clock">When to look again.</param>
/// <param name="log">Says what went wrong, once.</param>
internal sealed class ForecastWorker(
    string program, GitSettings settings, bool alone, IRowReader rows, IActorClient actors, TimeProvider clock, ILogger<ForecastWorker> log)
    : IAsyncDisposable
{
    private const int SweepsUntilAllIsToldAgain = 30;
    private readonly BenchFolder _benches = BenchFolder.Make();
    private readonly GitRunner _git = new(program, new() { Processes = settings.Processes, Time = settings.Timeout }, clock);
    private readonly Dictionary<string, RepositoryWatch> _watches = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly RepositoryQueries _queries = new(rows);
    private Task _running = Task.CompletedTask;
    private int _sweeps;
    private string? _said;

    /// <summary>Begins to look.</summary>
    public void Start() => _running = RunAsync();

    /// <summary>Stops at once; what was started is killed, and its traces are removed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        await _stop.CancelAsync();
        await _running;
        foreach (var watch in _watches.Values)
        {
            watch.Matrix.Dispose();
        }

        _git.Dispose();
        _benches.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await SweepAsync();
                _said = null;
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (failure is StoreUnavailableException or ActorUnavailableException or OutcomeUnknownException or TimeoutException or IOException)
            {
                Say(failure.Message);
            }

            await Task.Delay(settings.SweepEvery, clock, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task SweepAsync()
    {
        var known = await _queries.WorktreesAsync(_stop.Token);
        foreach (var gone in _watches.Keys.Except(known.Select(one => one.Repository)).ToList())
        {
            _watches[gone].Matrix.Dispose();
            _watches.Remove(gone);
        }

        var again = ++_sweeps % SweepsUntilAllIsToldAgain == 0;
        foreach (var repository in known.GroupBy(one => one.Repository, one => one.Worktree, StringComparer.Ordinal))
        {
            if (!_watches.TryGetValue(repository.Key, out var watch))
            {
                var folder = Path.Combine(_benches.Path, Guid.NewGuid().ToString("N"));
                _watches[repository.Key] = watch = new(new(_git, folder, settings.Limits, settings.Roots));
            }

            if (again)
            {
                watch.Told.Clear();
            }

            try
            {
                await SweepAsync(repository.Key, watch, [.. repository]);
            }
            catch (Exception failure) when (failure is ActorUnavailableException or OutcomeUnknownException)
            {
                watch.Told.Clear();
                Say(failure.Message);
            }
        }
    }

    private async Task SweepAsync(string repository, RepositoryWatch watch, Worktree[] all)
    {
        var mine = all.Where(worktree => alone || watch.Seen.Contains(worktree.Place) || Directory.Exists(worktree.Path)).ToDictionary(worktree => worktree.Name, StringComparer.Ordinal);
        if (mine.Count == 0)
        {
            return;
        }

        watch.Seen.UnionWith(mine.Values.Select(worktree => worktree.Place));
        var sweep = await watch.Matrix.SweepAsync([.. mine.Values.Select(worktree => new WatchedCopy(worktree.Name, worktree.Path!, worktree.Base))], _stop.Token);
        var pathCase = sweep.IgnoresCase is true ? PathCase.Ignored : PathCase.Kept;
        if (sweep.IgnoresCase is not null && watch.IsNew("case", pathCase))
        {
            await TellAsync(repository, new DetectorCommand.SetPathCase(pathCase));
        }

        foreach (var copy in sweep.Copies)
        {
            var seen = Reports.Of(copy);
            if (watch.IsNew($"seen {mine[copy.Name].Place}", seen))
            {
                await TellAsync(repository, new DetectorCommand.ObserveWorktree(copy.Name, seen));
            }
        }

        var pairs = sweep.Pairs
            .Where(pair => watch.IsNew($"pair {mine[pair.A].Place} {(pair.B is null ? 0 : mine[pair.B].Place)}", pair.Verdict))
            .Select(pair => Reports.Of(pair, pathCase));
        foreach (var chunk in pairs.Chunk(Reports.MostPairs))
        {
            await TellAsync(repository, new DetectorCommand.ReportForecasts(chunk.ToValueList()));
        }
    }

    private async Task TellAsync<TReply>(string repository, ICommand<TReply> command) =>
        await actors.AskAsync(Kinds.DetectorOf(repository), command, id: null, _stop.Token);

    // The same trouble is said once, not at every look.
    private void Say(string trouble)
    {
        if (_said != trouble)
        {
            _said = trouble;
            log.NotTold(trouble);
        }
    }
}
