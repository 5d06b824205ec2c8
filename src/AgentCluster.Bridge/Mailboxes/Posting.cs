using System.Collections.Frozen;
using System.Diagnostics;
using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Mailboxes;

namespace AgentCluster.Bridge.Mailboxes;

/// <summary>Somebody says something to an agent, or to all who have a role.</summary>
internal static class Posting
{
    private const int MostHolders = 200;

    /// <summary>To the agent that the path names. Who says it need not be an agent: people do.</summary>
    public static Operation<MessageRequest> ToAgent(MailboxCalls mailboxes) => new(
        "agent_message",
        Scope.MessagesSend,
        "Puts a message into an agent's mailbox",
        MessageRequest.Shape,
        Answers.Created(PostedBody.Schema).Or(ProblemKind.NotFound),
        async (request, call) =>
    {
        if (Fields.WrongAgent(call, request.From, out var from, "from") is { } wrong)
        {
            return wrong;
        }

        mailboxes.Signs.Seen(from);
        return await mailboxes.AskAsync(call.Subject, new AgentCommand.PutMail(request.ToMail(from)), call.Id(from)) switch
        {
            MailReply.Put put => Answer.Created(new PostedBody(put), location: null),
            MailReply.UnknownAgent unknown => Problem.NotFound("agent", unknown.Agent.Value),
            MailReply.Full full => MailboxCalls.Full(full.Agent, full.Unread),
            var other => throw new UnreachableException($"Untranslated reply {other.GetType().Name}."),
        };
    });

    /// <summary>To everybody else who has the role that the path names, here or not: it lies in their mailboxes.</summary>
    public static Operation<MessageRequest> ToRole(MailboxCalls mailboxes) => new(
        "role_message",
        Scope.MessagesSend,
        "Puts a message into the mailbox of each agent that has a role",
        MessageRequest.Shape,
        Answers.Created(PostedToRoleBody.Schema).Or(ProblemKind.NotFound),
        async (request, call) =>
    {
        if (Fields.WrongAgent(call, request.From, out var from, "from") is { } wrong)
        {
            return wrong;
        }

        mailboxes.Signs.Seen(from);
        var holders = await mailboxes.Delegations.HoldersAsync(call.Subject, call.Gone);
        if (holders.Count > MostHolders)
        {
            return Problem.Invalid("role", FormattableString.Invariant($"must be one of at most {MostHolders} agents; '{call.Subject}' is one of {holders.Count}. Send it to some of them by name."));
        }

        AgentCommand.SendMail send = new(call.Subject, [.. holders.Select(holder => holder.Agent.Value)], request.ToMail(from));
        return await mailboxes.AskAsync(from, send, call.Id(from)) switch
        {
            SendReply.Sent sent => Answer.Created(new PostedToRoleBody(sent.To), location: null),
            SendReply.UnknownAgent unknown => Problem.NotFound("agent", unknown.Agent.Value),
            SendReply.Nobody => Problem.NotFound("role", call.Subject),
            var other => throw new UnreachableException($"Untranslated reply {other.GetType().Name}."),
        };
    });
}

/// <summary>What is said. None of it chooses who hears it: the path does.</summary>
internal sealed class MessageRequest
{
    private static readonly FrozenDictionary<string, Importance> Importances =
        Enum.GetValues<Importance>().ToFrozenDictionary(each => each.Word());

    private Content _content = new("");
    private Mail _mail = new(MailKind.Message, new(""));

    public static Shape<MessageRequest> Shape { get; } = new Shape<MessageRequest>()
        .Text("from", Bounds.NameLength, (request, value) => request.From = value, form: Forms.Name)
        .Text("text", Bounds.TextLength, (request, value) => request._content = request._content with { Text = value }, required: true, form: Forms.Prose)
        .Text("subject", Bounds.TitleLength, (request, value) => request._content = request._content with { Subject = value }, form: Forms.Line)
        .Free("data", Bounds.JsonLength, (request, value) => request._content = request._content with { Data = new(value) })
        .Word("importance", Importances, (request, value) => request._mail = request._mail with { Importance = value })
        .Text("thread_id", Bounds.NameLength, (request, value) => request._mail = request._mail with { ThreadId = value }, form: Forms.Name)
        .Flag("ack_required", (request, value) => request._mail = request._mail with { AckRequired = value });

    public string? From { get; private set; }

    /// <summary>The message.</summary>
    /// <param name="from">Who says it.</param>
    public Mail ToMail(string from) => _mail with { From = new(from), Content = _content };
}

/// <summary>Where a message lies.</summary>
/// <param name="Put">Its place.</param>
internal sealed record PostedBody(MailReply.Put Put) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Posted").With("id", Is.Id).With("to", Is.Text).With("seq", Is.Count);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, Put.Id);
        json.WriteString("to"u8, Put.To.Value);
        json.WriteNumber("seq"u8, Put.Seq);
        json.WriteEndObject();
    }
}

/// <summary>Who is sent a message.</summary>
/// <param name="To">Each once.</param>
internal sealed record PostedToRoleBody(ValueList<string> To) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("PostedToRole").With("to", Is.ListOf(Is.Text));

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteTexts("to"u8, To);
        json.WriteEndObject();
    }
}
