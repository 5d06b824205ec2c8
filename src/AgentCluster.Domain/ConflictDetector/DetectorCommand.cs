using System.Text.Json.Serialization;
using AgentCluster.Actors;
using AgentCluster.Domain.Repositories;
using AgentCluster.Domain.Worktrees;

namespace AgentCluster.Domain.ConflictDetector;

/// <summary>
/// What can be asked of a repository's conflict detector. Closed: every case is in this folder. Each has
/// a name on disk and on the wire. Whoever watches working copies sends <see cref="ObserveWorktree"/>, <see cref="ReportForecasts"/> and
/// <see cref="SetPathCase"/>: each may be repeated, and what says nothing new writes nothing.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "command")]
[JsonDerivedType(typeof(PutWorktree), "put-worktree.v1")]
[JsonDerivedType(typeof(RemoveWorktree), "remove-worktree.v1")]
[JsonDerivedType(typeof(TouchFiles), "touch-files.v1")]
[JsonDerivedType(typeof(ObserveWorktree), "observe-worktree.v1")]
[JsonDerivedType(typeof(ReportForecasts), "report-forecasts.v1")]
[JsonDerivedType(typeof(SetPathCase), "set-path-case.v1")]
[JsonDerivedType(typeof(ReadWorktrees), "read-worktrees.v1")]
[JsonDerivedType(typeof(ReadForecasts), "read-forecasts.v1")]
[JsonDerivedType(typeof(Reserve), "reserve.v1")]
[JsonDerivedType(typeof(ReleaseReservation), "release-reservation.v1")]
[JsonDerivedType(typeof(ReadReservation), "read-reservation.v1")]
[JsonDerivedType(typeof(ReadReservations), "read-reservations.v1")]
[JsonDerivedType(typeof(RecordDecision), "record-decision.v1")]
[JsonDerivedType(typeof(ResolveConflict), "resolve-conflict.v1")]
[JsonDerivedType(typeof(EndReservation), "end-reservation.v1")]
[JsonDerivedType(typeof(FreeClaim), "free-claim.v1")]
[JsonDerivedType(typeof(ExpireInquest), "expire-inquest.v1")]
[JsonDerivedType(typeof(Sweep), "sweep.v1")]
public abstract partial record DetectorCommand : ICommand
{
    private DetectorCommand()
    {
    }

    /// <summary>Makes a worktree known, or says anew what it is. What was seen in it stays.</summary>
    /// <param name="Worktree">Checked.</param>
    public sealed record PutWorktree(Worktree Worktree) : DetectorCommand, ICommand<WorktreeReply>;

    /// <summary>A worktree is not there any more, or its work is merged.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="By">The only agent whose it may be; null when anybody's may.</param>
    public sealed record RemoveWorktree(string Name, AgentId? By = null) : DetectorCommand, ICommand<WorktreeReply>;

    /// <summary>Its agent says which more files it works on.</summary>
    /// <param name="Name">The worktree's name.</param>
    /// <param name="Files">As the agent writes them.</param>
    /// <param name="By">The only agent whose it may be; null when anybody's may.</param>
    public sealed record TouchFiles(string Name, ValueList<string> Files, AgentId? By = null) : DetectorCommand, ICommand<WorktreeReply>;

    /// <summary>Somebody who can see the worktree looked: takes the place of what was seen before.</summary>
    /// <param name="Name">The worktree's name.</param>
    /// <param name="Seen">What was found. Paths that have no one form are left out, and it says so.</param>
    public sealed record ObserveWorktree(string Name, Observation Seen) : DetectorCommand, ICommand<WorktreeReply>;

    /// <summary>Whoever computes forecasts tells what they are; pairs that are not mentioned stay as they are.</summary>
    /// <param name="Pairs">At most 1,000. One of a worktree that is unknown here is passed over.</param>
    public sealed record ReportForecasts(ValueList<PairForecast> Pairs) : DetectorCommand, ICommand<ForecastReply>;

    /// <summary>Says whether names that differ in case are one file in this repository. Kept until said otherwise; at first they are two.</summary>
    /// <param name="Case">As git's <c>core.ignorecase</c> says.</param>
    public sealed record SetPathCase(PathCase Case) : DetectorCommand, ICommand<ForecastReply>;

    /// <summary>Reads the worktrees, by name.</summary>
    public sealed record ReadWorktrees : DetectorCommand, ICommand<WorktreesReply>, IReading;

    /// <summary>Reads the forecast, by pair.</summary>
    public sealed record ReadForecasts : DetectorCommand, ICommand<ForecastReply>, IReading;
}

/// <summary>The answer to a command about one worktree.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "reply")]
[JsonDerivedType(typeof(Put), "worktree-put.v1")]
[JsonDerivedType(typeof(NoWorktree), "worktree-unknown.v1")]
[JsonDerivedType(typeof(OfOther), "worktree-of-other.v1")]
[JsonDerivedType(typeof(TooMany), "worktrees-too-many.v1")]
[JsonDerivedType(typeof(WrongPath), "worktree-wrong-path.v1")]
public abstract record WorktreeReply
{
    private WorktreeReply()
    {
    }

    /// <summary>It is like this now; a removed one was like this.</summary>
    /// <param name="Worktree">All that is known of it.</param>
    /// <param name="Created">Whether it was not known before.</param>
    public sealed record Put(Worktree Worktree, bool Created = false) : WorktreeReply;

    /// <summary>There is no such worktree; nothing happened.</summary>
    /// <param name="Name">The name.</param>
    public sealed record NoWorktree(string Name) : WorktreeReply;

    /// <summary>It is another agent's; nothing happened to it.</summary>
    /// <param name="Name">The name.</param>
    /// <param name="Agent">Whose it is.</param>
    public sealed record OfOther(string Name, AgentId Agent) : WorktreeReply;

    /// <summary>There are as many worktrees, or files in it, as there may be; nothing happened.</summary>
    /// <param name="Most">The bound.</param>
    public sealed record TooMany(int Most) : WorktreeReply;

    /// <summary>A path has no one form; nothing happened.</summary>
    /// <param name="Index">Its place in the list, from 0.</param>
    /// <param name="Problem">What was expected and found.</param>
    public sealed record WrongPath(int Index, string Problem) : WorktreeReply;
}

/// <summary>The answer to <see cref="DetectorCommand.ReadWorktrees"/>.</summary>
/// <param name="Worktrees">By name.</param>
/// <param name="Case">Of the repository.</param>
public sealed record WorktreesReply(ValueList<Worktree> Worktrees, PathCase Case);

/// <summary>The answer to a command about the forecast.</summary>
/// <param name="Pairs">All pairs of which something is known, by name; after a report none.</param>
public sealed record ForecastReply(ValueList<PairForecast> Pairs);
