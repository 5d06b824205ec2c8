using AgentCluster.Bridge.Agents;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.Agents;

namespace AgentCluster.Bridge.Mailboxes;

/// <summary>An agent reads its mailbox. Nobody else does.</summary>
internal static class Inbox
{
    /// <summary>Longest that a call waits, in seconds.</summary>
    public const int MostWaitSeconds = 60;

    /// <summary>What lies in the mailbox of the agent that the path names.</summary>
    public static Operation<InboxRequest> Read(MailboxCalls mailboxes) => new(
        "agent_inbox",
        Scope.MessagesRead,
        "Reads an agent's mailbox, and waits for mail where there is none",
        InboxRequest.Shape,
        Answers.Ok(InboxBody.Schema).Or(ProblemKind.NotFound),
        async (request, call) =>
    {
        if (AgentCalls.WrongSelf(call) is { } wrong)
        {
            return wrong;
        }

        var (end, refused) = await mailboxes.Waiting.EndAsync(call.Subject, request.After, TimeSpan.FromSeconds(request.WaitSeconds), call.Gone);
        if (refused is not null)
        {
            return refused;
        }

        return end is MailboxReply.Found found
            ? Answer.Ok(new InboxBody(
                await mailboxes.Mail.ListAsync(new(call.Subject), request.After ?? found.Acknowledged, request.Limit, call.Gone),
                request.After ?? found.Acknowledged,
                found))
            : AgentCalls.Unknown(call);
    });

    /// <summary>Takes note that the agent has read up to a place.</summary>
    public static Operation<AcknowledgeRequest> Acknowledge(MailboxCalls mailboxes) => new(
        "agent_inbox_ack",
        Scope.MessagesRead,
        "Takes note of how far an agent has read its mailbox",
        AcknowledgeRequest.Shape,
        Answers.Ok(MailboxBody.Schema).Or(ProblemKind.NotFound),
        async (request, call) =>
    {
        if (AgentCalls.WrongSelf(call) is { } wrong)
        {
            return wrong;
        }

        mailboxes.Signs.Seen(call.Subject);
        return await mailboxes.AskAsync(call.Subject, new AgentCommand.AcknowledgeMail(request.Seq), call.Id(call.Subject)) switch
        {
            MailboxReply.Found found => Answer.Ok(new MailboxBody(found)),
            MailboxReply.NotThere beyond => Problem.Invalid(
                "seq", FormattableString.Invariant($"must be the place of a mail; the last one is {beyond.Last}, found {beyond.Seq}.")),
            _ => AgentCalls.Unknown(call),
        };
    });
}

/// <summary>Which part of a mailbox.</summary>
internal sealed class InboxRequest
{
    public static Shape<InboxRequest> Shape { get; } = new Shape<InboxRequest>()
        .Whole("after", 0, long.MaxValue, (request, value) => request.After = value)
        .Whole("wait_seconds", 0, Inbox.MostWaitSeconds, (request, value) => request.WaitSeconds = (int)value)
        .Whole("limit", 1, Bounds.PageLength, (request, value) => request.Limit = (int)value);

    /// <summary>Null for what was not acknowledged.</summary>
    public long? After { get; private set; }

    public int WaitSeconds { get; private set; }

    public int Limit { get; private set; } = Paging<InboxRequest>.DefaultLimit;
}

/// <summary>Up to where was read.</summary>
internal sealed class AcknowledgeRequest
{
    public static Shape<AcknowledgeRequest> Shape { get; } = new Shape<AcknowledgeRequest>()
        .Whole("seq", 0, long.MaxValue, (request, value) => request.Seq = value, required: true);

    public long Seq { get; private set; }
}
