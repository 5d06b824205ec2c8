using AgentCluster.Actors;
using AgentCluster.Domain.Agents;
using static AgentCluster.Domain.Agents.AgentCommand;
using static AgentCluster.Domain.Agents.AgentEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.Agents.AgentEvent>;

namespace AgentCluster.Domain.Mailboxes;

/// <summary>Putting mail into a mailbox, and taking note of what was read.</summary>
/// <remarks>
/// One actor gives the sequence, so it has no gap and no repeat, however many send at once. A letter of another actor
/// comes once in effect (P5), a caller's message once by its Idempotency-Key (P4), so nothing lies there twice. Each open
/// delegation keeps a place for its result, so that a full mailbox never loses one.
/// </remarks>
internal static class Mailing
{
    public static Decision Decide(AgentState state, PutMail put, in Turn turn)
    {
        if (state.Facts.Profile is null)
        {
            return Decision.Answer(put, new MailReply.UnknownAgent(state.Agent));
        }

        if (IsFull(state, put.Mail))
        {
            return Decision.Answer(put, new MailReply.Full(state.Agent, state.Mailbox?.Unread ?? 0));
        }

        var received = Received(state, put.Mail, turn);
        return Decision.Answer(put, new MailReply.Put(state.Agent, received.Seq, received.Id), received);
    }

    public static Decision Decide(AgentState state, SendMail send)
    {
        if (state.Facts.Profile is null)
        {
            return Decision.Answer(send, new SendReply.UnknownAgent(state.Agent));
        }

        var to = send.To.Where(agent => agent != state.Id).Distinct().ToList();
        if (to.Count == 0)
        {
            return Decision.Answer(send, new SendReply.Nobody());
        }

        return Decision.Answer(send, new SendReply.Sent(to.ToValueList()), new MailSent(send.Role, to.ToValueList()))
            .Tell([.. to.Select(agent => new Message(Kinds.AgentOf(new(agent)), new TakeMail(send.Mail)))]);
    }

    /// <summary>A letter of another actor. A delegation that finds no room is declined; what only tells is let go.</summary>
    public static Decision Decide(AgentState state, TakeMail take, in Turn turn)
    {
        var isUnknown = state.Facts.Profile is null;
        var isDelegation = take.Mail is { Kind: MailKind.Delegation, From: not null, Delegation: not null };
        if (isUnknown || (isDelegation ? IsFull(state, take.Mail) : !HasRoom(state)))
        {
            return isDelegation
                ? Decision.Note().Tell(new Message(
                    Kinds.AgentOf(take.Mail.From!.Value),
                    new RefuseDelegation(
                        take.Mail.Delegation!.Value,
                        isUnknown ? $"'{state.Id}' is not registered any more." : $"The mailbox of '{state.Id}' is full.")))
                : Decision.Note();
        }

        return Decision.Note(Received(state, take.Mail, turn));
    }

    public static Decision Decide(AgentState state, ReadMailbox read) => Decision.Answer(read, Found(state, state.Mailbox?.Acknowledged ?? 0));

    public static Decision Decide(AgentState state, AcknowledgeMail acknowledge, in Turn turn)
    {
        var (last, read) = (state.Mailbox?.Last ?? 0, state.Mailbox?.Acknowledged ?? 0);
        return state.Facts.Profile is null ? Decision.Answer(acknowledge, new MailboxReply.UnknownAgent(state.Agent))
            : acknowledge.Seq > last ? Decision.Answer(acknowledge, new MailboxReply.NotThere(acknowledge.Seq, last))
            : acknowledge.Seq <= read ? Decision.Answer(acknowledge, Found(state, read))
            : Decision.Answer(acknowledge, Found(state, acknowledge.Seq), new MailAcknowledged(acknowledge.Seq, turn.Now));
    }

    /// <summary>Whether there is a place that no open delegation needs for its result.</summary>
    public static bool HasRoom(AgentState state) => (state.Mailbox?.Unread ?? 0) + (state.Delegations?.Open ?? 0) < Mailbox.Kept;

    /// <summary>The place of the next mail.</summary>
    public static (long Seq, string Id) Next(AgentState state, in Turn turn)
    {
        var seq = (state.Mailbox?.Last ?? 0) + 1;
        return (seq, Ulid.Derived(
            "mail", state.Id, turn.Generation.ToString(System.Globalization.CultureInfo.InvariantCulture), seq.ToString(System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static MailReceived Received(AgentState state, Mail mail, in Turn turn)
    {
        var (seq, id) = Next(state, turn);
        return new(seq, id, mail with { Content = mail.Content.Marked() }, turn.Now);
    }

    private static bool IsFull(AgentState state, Mail mail) =>
        state.Mailbox is { } mailbox
        && (mailbox.Unread >= Mailbox.MostUnread || mailbox.Characters + mail.Content.Size > Mailbox.MostCharacters || !HasRoom(state));

    private static MailboxReply Found(AgentState state, long acknowledged) => state.Facts.Profile is { } profile
        ? new MailboxReply.Found(state.Mailbox?.Last ?? 0, acknowledged, AgentTimes.TtlOf(profile))
        : new MailboxReply.UnknownAgent(state.Agent);
}
