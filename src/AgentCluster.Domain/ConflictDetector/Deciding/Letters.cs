using System.Text;
using AgentCluster.Actors;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.ConflictDetector.Strategies;
using AgentCluster.Domain.Conflicts;
using AgentCluster.Domain.Mailboxes;
using AgentCluster.Domain.Reservations;

namespace AgentCluster.Domain.ConflictDetector.Deciding;

/// <summary>What those involved are told: each in its own mailbox, in the commit that decides it.</summary>
internal static class Letters
{
    /// <summary>How a conflict stands, to everybody in it.</summary>
    public static IEnumerable<Message> Of(string repository, Conflict conflict, DateTimeOffset now)
    {
        StringBuilder text = new($"{conflict.Found.Type.Word()} ({conflict.Found.Severity.Word()}) in '{repository}': {conflict.Found.Detail}");
        foreach (var attempt in conflict.Attempts.Where(attempt => attempt.At == now))
        {
            text.Append($"\n{attempt.Strategy}: {(attempt.Successful ? "" : "failed. ")}{attempt.Detail}");
        }

        text.Append(conflict switch
        {
            { Status: ConflictStatus.Escalated } => "\nNothing tried has helped: a human must decide.",
            { Asked: { } asked } => $"\n'{asked.Agent}' is asked to decide.",
            { Resolution: { Strategy: null } over } => $"\nIt is over: {over.Detail}",
            { Resolution: { By: { } by } over } => $"\nIt is over: '{by}' decided '{over.Detail}'.",
            _ => "\nIt is over.",
        });
        Mail mail = new(MailKind.Notice, new(text.ToString()) { Subject = $"Conflict about {Cut(conflict.Found.Resource)}" }) { ThreadId = conflict.Found.Id.Value };
        return conflict.Found.Agents.Select(agent => new Message(Kinds.AgentOf(agent), new AgentCommand.TakeMail(mail)));
    }

    /// <summary>It is somebody's turn.</summary>
    public static Message Turn(string repository, Reservation next) => About(
        next,
        $"Your turn: {Cut(next.Paths[0])}",
        $"It is your turn in '{repository}': {next.Paths.Quoted()} is yours for {next.TtlSeconds} s (reservation {next.Id}).");

    /// <summary>What somebody holds is one file with what another held before.</summary>
    public static Message Lost(string repository, Reservation late) => About(
        late,
        $"Not yours any more: {Cut(late.Paths[0])}",
        $"Names that differ only in case are one file in '{repository}' from now on, and another had some of {late.Paths.Quoted()} before you. It is not yours any more; you are in line and told when it is your turn (reservation {late.Id}).");

    /// <summary>A worktree is merged, or given up: those after it can take its work over.</summary>
    public static IEnumerable<Message> Merged(string repository, Book book, string first) => book.Orders
        .Where(order => order.Value == first)
        .Select(order => order.Key.Split('\n').First(name => name != first))
        .Select(name => book.Worktrees.GetValueOrDefault(name))
        .OfType<Worktrees.Worktree>()
        .Select(second => new Message(
            Kinds.AgentOf(second.Agent),
            new AgentCommand.TakeMail(new(
                MailKind.Notice,
                new($"It is your turn in '{repository}': '{first}', which was to be merged before '{second.Name}', is done. Take over what '{second.Base}' holds now.")
                {
                    Subject = $"Your turn: {Cut(second.Name)}",
                })
            { Importance = Importance.High, Task = second.Task })));

    /// <summary>Somebody is asked to decide.</summary>
    public static Message Question(string repository, Clash clash, Step.Ask ask) => new(
        Kinds.AgentOf(ask.Agent),
        new AgentCommand.TakeMail(new(
            MailKind.Notice,
            new($"As {ask.Role} you are asked to decide in '{repository}'. {clash.Detail}\nChoose one of {clash.Choices.Quoted()}, or '{DetectorCommand.ResolveConflict.Neither}', within "
                + $"{(int)Asking.Within.TotalSeconds} s: resolve the conflict {clash.Id} with your choice as its resolution, by '{ask.Agent}'.")
            {
                Subject = $"Your decision: {Cut(clash.Resource)}",
            })
        { Importance = Importance.High, AckRequired = true, ThreadId = clash.Id.Value }));

    private static Message About(Reservation reservation, string subject, string text) => new(
        Kinds.AgentOf(reservation.Agent),
        new AgentCommand.TakeMail(new(MailKind.Notice, new(text) { Subject = subject })
        {
            Importance = Importance.High,
            ThreadId = reservation.Id.Value,
            Task = reservation.Task,
        }));

    private static string Cut(string text) => text.Length <= 200 ? text : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[198]) ? 198 : 199), "…");
}
