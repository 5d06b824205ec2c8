using AgentCluster.Actors;
using AgentCluster.Domain.ConflictDetector.Detecting;
using AgentCluster.Domain.Conflicts;
using static AgentCluster.Domain.ConflictDetector.DetectorCommand;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.ConflictDetector.DetectorEvent>;

namespace AgentCluster.Domain.ConflictDetector.Deciding;

/// <summary>What somebody decides about a conflict: whoever was asked, or a human.</summary>
internal static class Asking
{
    private const string Human = "human";

    /// <summary>How long whoever is asked has to answer.</summary>
    public static TimeSpan Within { get; } = TimeSpan.FromMinutes(5);

    public static TimerKey Timer(ConflictId id) => new("inquest", id.Value);

    public static Decision Decide(DetectorState state, RecordDecision record, in Turn turn)
    {
        var decided = record.Decided with { At = turn.Now, Place = state.Book.DecisionPlaces + 1, Overruled = null };
        var known = state.Book.Decisions.GetValueOrDefault(decided.Key);
        Course course = new(state, turn);
        if (known is null || known with { At = decided.At, Place = decided.Place } != decided)
        {
            course.Add(new DetectorEvent.DecisionRecorded(decided, turn.Now));
            course.Settle();
        }

        return course.Answer(record, new DecideReply.Kept(course.Book.Decisions.GetValueOrDefault(decided.Key) ?? decided, course.Moved(decided.Agent)));
    }

    public static Decision Decide(DetectorState state, ResolveConflict resolve, in Turn turn)
    {
        if (state.Book.Find(resolve.Id) is not { } conflict)
        {
            return Decision.Answer(resolve, new ConflictReply.NoConflict());
        }

        if (conflict.Status == ConflictStatus.Resolved)
        {
            return Decision.Answer(resolve, new ConflictReply.IsOver());
        }

        var isAsked = conflict.Asked?.Agent.Value == resolve.By;
        var choice = conflict.Found.Choices.FirstOrDefault(choice => RecordedDecision.IsSame(choice, resolve.Resolution));
        Course course = new(state, turn);
        if (isAsked && choice is null)
        {
            if (!RecordedDecision.IsSame(ResolveConflict.Neither, resolve.Resolution))
            {
                return Decision.Answer(resolve, new ConflictReply.NoChoice(conflict.Found.Choices));
            }

            Failed(course, conflict, $"'{resolve.By}' chose neither.", turn.Now);
            return course.Answer(resolve, new ConflictReply.Known(course.Book.Find(resolve.Id)!));
        }

        course.Add(choice is null ? [] : Strategies.Deciding.Overrule(conflict.Found, choice, turn.Now));
        var strategy = isAsked ? conflict.Asked!.Strategy : Human;
        var isThere = Detection.FindsAgain(state.Name, course.Book, conflict.Found);
        course.Tried(resolve.Id, new(strategy, true, $"'{resolve.By}' decided: {resolve.Resolution}", turn.Now));
        course.End(resolve.Id, new(resolve.Resolution, strategy, resolve.By), isAccepted: isThere);
        course.Settle();
        return course.Answer(resolve, new ConflictReply.Known(course.Book.Find(resolve.Id)!));
    }

    public static Decision Decide(DetectorState state, ExpireInquest expire, in Turn turn)
    {
        if (state.Book.Find(expire.Id) is not { Asked: { } asked } conflict || asked.Number != expire.Number)
        {
            return Decision.Note();
        }

        Course course = new(state, turn);
        Failed(course, conflict, $"'{asked.Agent}' did not answer within {(int)Within.TotalSeconds} s.", turn.Now);
        return course.Note();
    }

    private static void Failed(Course course, Conflict conflict, string why, DateTimeOffset now)
    {
        var strategy = conflict.Asked!.Strategy;
        course.Tried(conflict.Found.Id, new(strategy, false, why, now));
        course.GoOn(conflict, strategy);
    }
}
