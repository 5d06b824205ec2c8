using AgentCluster.Actors;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Mailboxes;
using static AgentCluster.Domain.Agents.AgentCommand;
using static AgentCluster.Domain.Agents.AgentEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.Agents.AgentEvent>;

namespace AgentCluster.Domain.Delegations;

/// <summary>One agent asks another for something, and hears once how it ended.</summary>
/// <remarks>
/// The delegator's actor alone knows how a delegation stands: who does it reports here, its time-out fires here, its
/// delegator calls it off here, and the first of these that is decided ends it. What comes later finds it ended and changes
/// nothing. The request, and the word that it is off, go to the other actor as letters, which are part of the commit that
/// decided them and come once in effect, in order. So a crash anywhere leaves a delegation as it was decided last, and
/// what is still to be told is told by whoever recovers.
/// </remarks>
internal static class Delegating
{
    public static TimerKey Timer(DelegationId id) => new("delegation", id.Value);

    public static Decision Decide(AgentState state, DelegateWork work, in Turn turn)
    {
        if (state.Facts.Profile is null)
        {
            return Decision.Answer(work, new DelegateReply.UnknownAgent(state.Agent));
        }

        if (work.To is not { Agent: var to } addressee)
        {
            return Decision.Answer(work, new DelegateReply.Nobody());
        }

        if (work.Parent is { } parent && parent.To != state.Agent)
        {
            return Decision.Answer(work, new DelegateReply.Invalid(
                [new("parent_id", $"must be a delegation to '{state.Id}', who delegates a part of it; it is one to '{parent.To}'.")]));
        }

        var before = work.Parent?.Chain ?? [state.Id];
        var chain = before.With(to.Value);
        if (before.AsSpan().Contains(to.Value) || before.Count > Bounds.DelegationDepth)
        {
            return Decision.Answer(work, new DelegateReply.Loop(chain));
        }

        if (!addressee.Online && !work.QueueIfOffline)
        {
            return Decision.Answer(work, new DelegateReply.Offline(to, addressee.Choice));
        }

        if ((state.Delegations?.Open ?? 0) >= Outstanding.Most || !Mailing.HasRoom(state))
        {
            return Decision.Answer(work, new DelegateReply.Full(state.Delegations?.Open ?? 0, state.Mailbox?.Unread ?? 0));
        }

        DelegationSpec spec = new(to, work.TimeoutSeconds)
        {
            Role = addressee.Role,
            Choice = addressee.Choice,
            Task = work.Task,
            Parent = work.Parent?.Id,
            Chain = chain,
        };
        DelegationRequested requested = new(work.Delegation, spec, work.Content.Marked(), turn.Now);
        Mail mail = new(MailKind.Delegation, requested.Content)
        {
            From = state.Agent,
            ThreadId = work.Delegation.Value,
            Delegation = work.Delegation,
            Status = DelegationStatus.Requested,
            Task = work.Task,
        };
        return Decision.Answer(work, new DelegateReply.Requested(Delegation.Of(state.Agent, requested), addressee.Online), requested)
            .Tell(new Message(Kinds.AgentOf(to), new TakeMail(mail)))
            .With(new TimerChange.Set(Timer(work.Delegation), turn.Now.AddSeconds(work.TimeoutSeconds), new ExpireDelegation(work.Delegation)));
    }

    public static Decision Decide(AgentState state, ReportDelegation report, in Turn turn)
    {
        if (Open(state, report.Delegation) is not { } delegation)
        {
            return Decision.Answer(report, new DelegationReply.Ended(report.Delegation));
        }

        if (report.By is { } by && by != delegation.Spec.To)
        {
            return Decision.Answer(report, new DelegationReply.NotYours(delegation.Spec.To));
        }

        if (report.Status < delegation.Status)
        {
            return Decision.Answer(report, new DelegationReply.NotForward(delegation.Status, report.Status));
        }

        // How it stands is told where there is room; how it ended always is: its place is kept.
        var isTold = !report.Status.IsOpen() || Mailing.HasRoom(state);
        var moved = Moved(state, delegation, report.Status, report.Progress, report.Content, delegation.Spec.To, isTold, turn);
        var decision = Decision.Answer(report, new DelegationReply.Found(delegation.After(moved)), moved);
        return report.Status.IsOpen() ? decision : decision.With(new TimerChange.Cancel(Timer(delegation.Id)));
    }

    public static Decision Decide(AgentState state, CancelDelegation cancel, in Turn turn)
    {
        if (cancel.By is { } by && by != state.Agent)
        {
            return Decision.Answer(cancel, new DelegationReply.NotYours(state.Agent));
        }

        if (Open(state, cancel.Delegation) is not { } delegation)
        {
            return Decision.Answer(cancel, new DelegationReply.Ended(cancel.Delegation));
        }

        var content = cancel.Reason is null ? null : new Content("") { Note = cancel.Reason };
        var moved = Moved(state, delegation, DelegationStatus.Cancelled, null, content, null, isTold: false, turn);
        return Decision.Answer(cancel, new DelegationReply.Found(delegation.After(moved)), moved)
            .Tell(CalledOff(delegation, DelegationStatus.Cancelled, cancel.Reason ?? $"'{state.Id}' cancelled it."))
            .With(new TimerChange.Cancel(Timer(delegation.Id)));
    }

    public static Decision Decide(AgentState state, ExpireDelegation expire, in Turn turn)
    {
        if (Open(state, expire.Delegation) is not { } delegation)
        {
            return Decision.Note();
        }

        var why = $"'{delegation.Spec.To}' did not say how it ended within {delegation.Spec.TimeoutSeconds} s.";
        return Decision.Note(Moved(state, delegation, DelegationStatus.TimedOut, null, new("") { Note = why }, null, isTold: true, turn))
            .Tell(CalledOff(delegation, DelegationStatus.TimedOut, why));
    }

    public static Decision Decide(AgentState state, RefuseDelegation refuse, in Turn turn) =>
        Open(state, refuse.Delegation) is { } delegation
            ? Decision.Note(Moved(state, delegation, DelegationStatus.Declined, null, new("") { Note = refuse.Why }, null, isTold: true, turn))
                .With(new TimerChange.Cancel(Timer(delegation.Id)))
            : Decision.Note();

    private static Delegation? Open(AgentState state, DelegationId id) =>
        state.Delegations?.Find(id) is { } found && found.Status.IsOpen() ? found : null;

    private static DelegationMoved Moved(
        AgentState state, Delegation delegation, DelegationStatus status, int? progress, Content? content, AgentId? by, bool isTold, in Turn turn)
    {
        var (seq, id) = isTold ? Mailing.Next(state, turn) : (0, null);
        return new(delegation.Id, status, turn.Now, progress, content?.Marked(), by, seq, id);
    }

    private static Message CalledOff(Delegation delegation, DelegationStatus status, string why) => new(
        Kinds.AgentOf(delegation.Spec.To),
        new TakeMail(new(MailKind.Notice, new(why) { Subject = delegation.Subject })
        {
            From = status == DelegationStatus.Cancelled ? delegation.From : null,
            ThreadId = delegation.Id.Value,
            Delegation = delegation.Id,
            Status = status,
        }));
}
