using AgentCluster.Actors;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Delegations;
using AgentCluster.Domain.Mailboxes;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.Agents.AgentEvent>;
using IAgent = AgentCluster.Actors.IBehavior<
    AgentCluster.Domain.Agents.AgentState,
    AgentCluster.Domain.Agents.AgentCommand,
    AgentCluster.Domain.Agents.AgentEvent>;
using static AgentCluster.Domain.Agents.AgentCommand;
using static AgentCluster.Domain.Agents.AgentEvent;

namespace AgentCluster.Simulation.Mutations;

internal sealed class EndsAgain : BrokenAgent, IAgent
{
    public static new Decision Decide(AgentState state, AgentCommand command, in Turn turn)
    {
        if (command is not ReportDelegation report || state.Delegations?.Find(report.Delegation) is not { } found || found.Status.IsOpen())
        {
            return AgentBehavior.Decide(state, command, turn);
        }

        var (seq, id) = Mailing.Next(state, turn);
        DelegationMoved again = new(found.Id, report.Status, turn.Now, null, report.Content, found.Spec.To, seq, id);
        return Decision.Answer(report, new DelegationReply.Found(found.After(again)), again);
    }
}

internal sealed class NeverTimesOut : BrokenAgent, IAgent
{
    public static new Decision Decide(AgentState state, AgentCommand command, in Turn turn) =>
        command is ExpireDelegation ? Decision.Note() : AgentBehavior.Decide(state, command, turn);
}

internal sealed class TimesOutEarly : BrokenAgent, IAgent
{
    public static new Decision Decide(AgentState state, AgentCommand command, in Turn turn)
    {
        var decision = AgentBehavior.Decide(state, command, turn);
        return decision.Events is [DelegationRequested e, ..]
            ? decision.With(new TimerChange.Set(Delegating.Timer(e.Delegation), turn.Now.AddSeconds(e.Spec.TimeoutSeconds / 2), new ExpireDelegation(e.Delegation)))
            : decision;
    }
}

internal sealed class EndsUntold : BrokenAgent, IAgent
{
    public static new Decision Decide(AgentState state, AgentCommand command, in Turn turn)
    {
        var decision = AgentBehavior.Decide(state, command, turn);
        return command is ExpireDelegation && decision.Events is [DelegationMoved moved] ? Decision.Note(moved with { Seq = 0, MailId = null }) : decision;
    }
}

internal sealed class AnybodyReports : BrokenAgent, IAgent
{
    public static new Decision Decide(AgentState state, AgentCommand command, in Turn turn) =>
        AgentBehavior.Decide(state, command is ReportDelegation report ? report with { By = null } : command, turn);
}

internal sealed class SkipsAPlace : BrokenAgent, IAgent
{
    public static new Decision Decide(AgentState state, AgentCommand command, in Turn turn)
    {
        var decision = AgentBehavior.Decide(state, command, turn);
        return command is TakeMail && decision.Events is [MailReceived received] && state.Mailbox is { Acknowledged: > 0, Unread: 0 }
            ? Decision.Note(received with { Seq = received.Seq + 1 })
            : decision;
    }
}

internal sealed class LosesMailOfTheAway : BrokenAgent, IAgent
{
    public static new Decision Decide(AgentState state, AgentCommand command, in Turn turn) =>
        command is TakeMail && !state.Facts.Online ? Decision.Note() : AgentBehavior.Decide(state, command, turn);
}

internal sealed class SendsTwice : BrokenAgent, IAgent
{
    public static new Decision Decide(AgentState state, AgentCommand command, in Turn turn)
    {
        var decision = AgentBehavior.Decide(state, command, turn);
        return decision.Events is [MailSent sent]
            ? decision.Tell(new Message(Domain.Kinds.AgentOf(new(sent.To[0])), new TakeMail(((SendMail)command).Mail)))
            : decision;
    }
}

internal sealed class ForgetsWhatWasRead : BrokenAgent, IAgent
{
    public static new Decision Decide(AgentState state, AgentCommand command, in Turn turn)
    {
        var decision = AgentBehavior.Decide(state, command, turn);
        return command is AcknowledgeMail acknowledge && decision.Events is [MailAcknowledged]
            ? Decision.Answer(acknowledge, (MailboxReply)decision.Reply!)
            : decision;
    }
}

internal sealed class CallsOffSilently : BrokenAgent, IAgent
{
    public static new Decision Decide(AgentState state, AgentCommand command, in Turn turn)
    {
        var decision = AgentBehavior.Decide(state, command, turn);
        return command is CancelDelegation cancel && decision.Events is [DelegationMoved moved]
            ? Decision.Answer(cancel, (DelegationReply)decision.Reply!, moved)
            : decision;
    }
}

internal sealed class WatchesInVain : BrokenAgent, IAgent
{
    public static new Decision Decide(AgentState state, AgentCommand command, in Turn turn) =>
        command is TakeMail { Mail: { Kind: MailKind.Notice, Task: not null } } ? Decision.Note() : AgentBehavior.Decide(state, command, turn);
}
