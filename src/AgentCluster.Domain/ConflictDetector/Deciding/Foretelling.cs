using AgentCluster.Actors;
using AgentCluster.Domain.Worktrees;
using static AgentCluster.Domain.ConflictDetector.DetectorCommand;
using static AgentCluster.Domain.ConflictDetector.DetectorEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.ConflictDetector.DetectorEvent>;

namespace AgentCluster.Domain.ConflictDetector.Deciding;

/// <summary>What merges would come to, as whoever tries them tells.</summary>
internal static class Foretelling
{
    public static Decision Decide(DetectorState state, ReportForecasts report, in Turn turn)
    {
        List<PairForecast> changed = [];
        foreach (var told in report.Pairs)
        {
            if (Of(state.Book, told, turn) is { } pair && !IsKnown(state.Book, pair))
            {
                changed.Add(pair);
            }
        }

        return changed.Count == 0
            ? Decision.Answer(report, new ForecastReply([]))
            : Watching.After(report, new ForecastReply([]), new ForecastChanged(changed.ToValueList(), turn.Now), state, turn);
    }

    /// <summary>The forecast as it is kept; null when a worktree of it is not known, or not any more.</summary>
    private static PairForecast? Of(Book book, PairForecast told, in Turn turn)
    {
        var (a, b) = PairForecast.InOrder(told.A, told.B);
        if (a == b || !book.Worktrees.ContainsKey(a) || (b is not null && !book.Worktrees.ContainsKey(b)))
        {
            return null;
        }

        var files = told.Verdict == Verdict.Conflict
            ? told.Files.DistinctBy(file => file.Path).OrderBy(file => file.Path, StringComparer.Ordinal).Take(PairForecast.MostFiles).ToValueList()
            : [];
        return told with { A = a, B = b, Files = files, At = turn.Now };
    }

    private static bool IsKnown(Book book, PairForecast pair) =>
        book.Forecasts.TryGetValue(Book.KeyOf(pair.A, pair.B), out var known) && known with { At = pair.At } == pair;
}
