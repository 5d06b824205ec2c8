using System.Diagnostics.CodeAnalysis;
using AgentCluster.Actors;
using AgentCluster.Domain.Repositories;
using AgentCluster.Domain.Worktrees;
using static AgentCluster.Domain.ConflictDetector.DetectorCommand;
using static AgentCluster.Domain.ConflictDetector.DetectorEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.ConflictDetector.DetectorEvent>;

namespace AgentCluster.Domain.ConflictDetector.Deciding;

/// <summary>Which worktrees there are, and what is touched in them.</summary>
internal static class Watching
{
    public static Decision Decide(DetectorState state, PutWorktree put, in Turn turn)
    {
        var known = state.Book.Worktrees.GetValueOrDefault(put.Worktree.Name);
        if (known is not null && known.Agent != put.Worktree.Agent)
        {
            return Decision.Answer(put, new WorktreeReply.OfOther(known.Name, known.Agent));
        }

        if (known is null && state.Book.Worktrees.Count >= Worktree.Most)
        {
            return Decision.Answer(put, new WorktreeReply.TooMany(Worktree.Most));
        }

        var worktree = put.Worktree with
        {
            CreatedAt = known?.CreatedAt ?? turn.Now,
            Place = known?.Place ?? state.Book.Places + 1,
            Seen = null,
            Reported = [],
        };
        var shown = worktree with { Seen = known?.Seen, Reported = known?.Reported ?? [] };
        return shown == known
            ? Decision.Answer(put, new WorktreeReply.Put(shown))
            : After(put, new WorktreeReply.Put(shown, Created: known is null), new WorktreePut(worktree, turn.Now), state, turn);
    }

    public static Decision Decide(DetectorState state, RemoveWorktree remove, in Turn turn) =>
        !TryFind(state, remove.Name, remove.By, out var found, out var refused) ? Decision.Answer(remove, refused)
        : After(remove, new WorktreeReply.Put(found), new WorktreeRemoved(remove.Name, turn.Now), state, turn);

    public static Decision Decide(DetectorState state, TouchFiles touch, in Turn turn)
    {
        if (!TryFind(state, touch.Name, touch.By, out var found, out var refused))
        {
            return Decision.Answer(touch, refused);
        }

        SortedSet<string> files = new(StringComparer.Ordinal);
        for (var i = 0; i < touch.Files.Count; i++)
        {
            if (!RepositoryPath.TryRead(touch.Files[i], state.Book.Case, out var path, out var problem))
            {
                return Decision.Answer(touch, new WorktreeReply.WrongPath(i, problem));
            }

            files.Add(path.Value);
        }

        files.ExceptWith(found.Reported);
        return files.Count == 0 ? Decision.Answer(touch, new WorktreeReply.Put(found))
            : files.Count + found.Reported.Count > Worktree.MostTouched ? Decision.Answer(touch, new WorktreeReply.TooMany(Worktree.MostTouched))
            : After(touch, found.Name, new FilesTouched(found.Name, files.ToValueList(), turn.Now), state, turn);
    }

    public static Decision Decide(DetectorState state, ObserveWorktree observe, in Turn turn)
    {
        if (!TryFind(state, observe.Name, by: null, out var found, out var refused))
        {
            return Decision.Answer(observe, refused);
        }

        var seen = Readable(observe.Seen, state.Book.Case);
        return seen == found.Seen
            ? Decision.Answer(observe, new WorktreeReply.Put(found))
            : After(observe, found.Name, new WorktreeSeen(found.Name, seen, turn.Now), state, turn);
    }

    public static Decision Decide(DetectorState state, SetPathCase set, in Turn turn)
    {
        Course course = new(state, turn);
        if (state.Book.Case != set.Case)
        {
            course.Add(new PathCaseSet(set.Case, turn.Now));
            course.Separate();
            course.Settle();
        }

        return course.Answer(set, new ForecastReply([]));
    }

    /// <summary>Looks at everything, and comes back as long as there is something to look at.</summary>
    public static Decision Sweep(DetectorState state, in Turn turn)
    {
        Course course = new(state, turn);
        course.Settle();
        return RepositoryRow.IsAwake(course.Book) ? course.Note().With(Course.ArmSweep()) : course.Note();
    }

    /// <summary>It happens, and everything that follows.</summary>
    public static Decision After<TReply>(ICommand<TReply> command, TReply reply, DetectorEvent happened, DetectorState state, in Turn turn)
    {
        Course course = new(state, turn);
        course.Add(happened);
        course.Settle();
        return course.Answer(command, reply);
    }

    private static Decision After(ICommand<WorktreeReply> command, string worktree, DetectorEvent happened, DetectorState state, in Turn turn) =>
        After(command, new WorktreeReply.Put(state.Book.After(happened).Worktrees[worktree]), happened, state, turn);

    private static bool TryFind(
        DetectorState state, string name, AgentId? by, [NotNullWhen(true)] out Worktree? found, [NotNullWhen(false)] out WorktreeReply? refused)
    {
        found = state.Book.Worktrees.GetValueOrDefault(name);
        refused = found is null ? new WorktreeReply.NoWorktree(name)
            : by is { } agent && agent != found.Agent ? new WorktreeReply.OfOther(name, found.Agent)
            : null;
        return refused is null;
    }

    /// <summary>A repository may hold files of any name. One that has no one form here is left out, and it is said.</summary>
    private static Observation Readable(Observation seen, PathCase pathCase)
    {
        SortedDictionary<string, Touch> touched = new(StringComparer.Ordinal);
        var problem = seen.Problem;
        foreach (var touch in seen.Files)
        {
            if (touched.Count >= Worktree.MostTouched)
            {
                problem ??= $"More than {Worktree.MostTouched} files are touched; the rest is not shown.";
                break;
            }

            if (RepositoryPath.TryRead(touch.Path, pathCase, out var path, out var wrong))
            {
                touched[path.Value] = touch with { Path = path.Value };
            }
            else
            {
                problem ??= $"A touched file is not shown: {wrong}";
            }
        }

        return seen with { Files = touched.Values.ToValueList(), Problem = problem };
    }
}
