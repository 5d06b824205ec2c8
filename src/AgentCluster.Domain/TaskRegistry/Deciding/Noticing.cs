using AgentCluster.Actors;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Mailboxes;
using AgentCluster.Domain.TaskRegistry.Dependencies;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.TaskRegistry.TaskRegistryEvent>;

namespace AgentCluster.Domain.TaskRegistry.Deciding;

/// <summary>
/// What a decision comes to for those who watch tasks: a notice in their mailbox when a task ends or waits for people, and when a
/// task that it depends on makes it ready or leaves it blocked for good. Every decision passes here, so no command has to think of it.
/// </summary>
internal static class Noticing
{
    /// <summary>Most notices of one decision. They only tell: more than that are let go, and the tasks say the same.</summary>
    public const int Most = 200;

    private const int LongestText = 4_000;

    /// <summary>Adds the letters.</summary>
    public static Decision Follow(TaskRegistryState state, Decision decision)
    {
        List<Message>? notices = null;
        foreach (var happened in decision.Events)
        {
            if (About(state, happened, decision) is { } about && notices is not { Count: >= Most })
            {
                Tell(state, about, ref notices);
            }
        }

        return notices is null ? decision : decision.Tell([.. notices.Take(Most)]);
    }

    /// <summary>What there is to say of an event; null for nothing.</summary>
    private static Ending? About(TaskRegistryState state, TaskRegistryEvent happened, Decision decision) => happened switch
    {
        TaskCompleted e => Of(state, e.Task, WorkStatus.Completed, e.Outcome.ResultSummary) is { } ended
            ? ended with { By = ended.Task.Facts.Claim?.Agent }
            : null,
        TaskFailed e => Of(state, e.Task, WorkStatus.Failed, ReasonOf(e.Task, decision)),
        TaskCancelled e => Of(state, e.Task, WorkStatus.Cancelled, e.Reason),
        TaskDeleted e => Of(state, e.Task, WorkStatus.Deleted, null),
        InputRequired e => Of(state, e.Task, WorkStatus.InputRequired, e.Question) is { } asked
            ? asked with { By = asked.Task.Facts.Claim?.Agent }
            : null,
        _ => null,
    };

    private static Ending? Of(TaskRegistryState state, TaskId id, WorkStatus status, string? words) =>
        state.Find(id) is { } task ? new(task, status, words) : null;

    private static string? ReasonOf(TaskId task, Decision decision)
    {
        foreach (var happened in decision.Events)
        {
            if (happened is ClaimEnded ended && ended.Task == task)
            {
                return ended.Reason;
            }
        }

        return null;
    }

    private static void Tell(TaskRegistryState state, Ending ending, ref List<Message>? notices)
    {
        var (task, status, words) = ending;
        var facts = task.Facts;
        Say(task, $"'{facts.Spec.Title}' {Says(status)}{(words is null ? "." : $": {words}")}", status.Word(), ending.By, ref notices);
        if (DependencyGraph.StateOf(status) == DependencyGraph.StateOf(facts.Status))
        {
            return;
        }

        foreach (var dependant in state.Graph.DependantsOf(facts.Id).OrderBy(each => each.Id.Value, StringComparer.Ordinal))
        {
            if (dependant.Facts is not { Status: WorkStatus.Pending, Watchers.IsEmpty: false } waits)
            {
                continue;
            }

            if (DependencyGraph.StateOf(status) != DependencyState.Satisfied)
            {
                Say(dependant, $"'{waits.Spec.Title}' stays blocked: '{facts.Spec.Title}' {Says(status)}.", "blocked", null, ref notices);
            }
            else if (waits.DependsOn.All(on => on.On == facts.Id || !on.Gates))
            {
                Say(dependant, $"'{waits.Spec.Title}' is ready: '{facts.Spec.Title}' {Says(status)}.", "ready", null, ref notices);
            }
        }
    }

    private static string Says(WorkStatus status) => status switch
    {
        WorkStatus.Completed => "is completed",
        WorkStatus.Failed => "has failed",
        WorkStatus.Cancelled => "is cancelled",
        WorkStatus.Deleted => "is deleted",
        _ => "waits for an answer",
    };

    /// <summary>To each watcher but the one who did it.</summary>
    private static void Say(TaskEntry task, string text, string how, AgentId? by, ref List<Message>? notices)
    {
        foreach (var watcher in task.Facts.Watchers)
        {
            if (watcher != by)
            {
                (notices ??= []).Add(new(Kinds.AgentOf(watcher), new AgentCommand.TakeMail(
                    new(MailKind.Notice, new(Short(text)) { Subject = task.Facts.Spec.Title, Note = how })
                    {
                        From = by,
                        ThreadId = task.Id.Value,
                        Task = task.Id,
                    })));
            }
        }
    }

    private static string Short(string text) =>
        text.Length <= LongestText ? text : text[..(LongestText - (char.IsHighSurrogate(text[LongestText - 1]) ? 1 : 0))] + "…";

    /// <summary>Something that a task's watchers are told.</summary>
    /// <param name="Task">As it is before.</param>
    /// <param name="Status">As it is afterwards.</param>
    /// <param name="Words">What was said of it.</param>
    private sealed record Ending(TaskEntry Task, WorkStatus Status, string? Words)
    {
        /// <summary>Who did it; null for nobody in particular.</summary>
        public AgentId? By { get; init; }
    }
}
