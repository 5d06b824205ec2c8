using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Delegations;
using AgentCluster.Domain.Mailboxes;

namespace AgentCluster.Bridge.Mailboxes;

/// <summary>A part of a mailbox.</summary>
/// <param name="Items">In order.</param>
/// <param name="After">After which place it was asked for.</param>
/// <param name="Mailbox">Where the whole ends.</param>
internal sealed record InboxBody(IReadOnlyList<MailItem> Items, long After, MailboxReply.Found Mailbox) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Inbox")
        .With("items", Is.ListOf(Is.Object("Mail")
            .With("seq", Is.Count)
            .With("id", Is.Id)
            .With("kind", Is.OneOf([.. Enum.GetValues<MailKind>().Select(kind => kind.Word())]))
            .With("from", Is.Text with { OrNull = true })
            .With("thread_id", Is.Text with { OrNull = true })
            .With("text", Is.Text)
            .With("data", Is.Free with { OrNull = true })
            .Maybe("subject", Is.Text)
            .Maybe("note", Is.Text)
            .With("importance", Is.OneOf([.. Enum.GetValues<Importance>().Select(each => each.Word())]))
            .With("ack_required", Is.Flag)
            .Maybe("delegation_id", Is.Id)
            .Maybe("status", Is.OneOf([.. Enum.GetValues<DelegationStatus>().Select(status => status.Word())]))
            .Maybe("task_id", Is.Id)
            .Maybe("references", Is.ListOf(Is.Text))
            .With("sent_at", Is.Moment)))
        .With("cursor", Is.Count)
        .With("unread", Is.Count);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartArray("items"u8);
        foreach (var item in Items)
        {
            Write(json, item);
        }

        json.WriteEndArray();
        json.WriteNumber("cursor"u8, Items is [.., var last] ? last.Seq : After);
        json.WriteNumber("unread"u8, Mailbox.Last - Mailbox.Acknowledged);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, MailItem item)
    {
        var (mail, content) = (item.Mail, item.Mail.Content);
        json.WriteStartObject();
        json.WriteNumber("seq"u8, item.Seq);
        json.WriteString("id"u8, item.Id);
        json.WriteString("kind"u8, mail.Kind.Word());
        json.WriteString("from"u8, mail.From?.Value);
        json.WriteString("thread_id"u8, mail.ThreadId);
        json.WriteString("text"u8, content.Text.Length > 0 ? content.Text : content.Note ?? "");
        if (content.Data is null)
        {
            json.WriteNull("data"u8);
        }

        json.WriteOptional("data"u8, content.Data);
        json.WriteOptional("subject"u8, content.Subject);
        json.WriteOptional("note"u8, content.Note);
        json.WriteString("importance"u8, mail.Importance.Word());
        json.WriteBoolean("ack_required"u8, mail.AckRequired);
        json.WriteOptional("delegation_id"u8, mail.Delegation?.Value);
        json.WriteOptional("status"u8, mail.Status?.Word());
        json.WriteOptional("task_id"u8, mail.Task?.Value);
        json.WriteOptional("references"u8, content.References);
        json.WriteString("sent_at"u8, item.SentAt.UtcDateTime);
        json.WriteEndObject();
    }
}

/// <summary>How far a mailbox was read.</summary>
/// <param name="Mailbox">As its actor says.</param>
internal sealed record MailboxBody(MailboxReply.Found Mailbox) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Mailbox").With("cursor", Is.Count).With("unread", Is.Count);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("cursor"u8, Mailbox.Acknowledged);
        json.WriteNumber("unread"u8, Mailbox.Last - Mailbox.Acknowledged);
        json.WriteEndObject();
    }
}
