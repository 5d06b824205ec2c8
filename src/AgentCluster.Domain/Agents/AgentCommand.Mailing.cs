using System.Text.Json.Serialization;
using AgentCluster.Actors;
using AgentCluster.Domain.Mailboxes;

namespace AgentCluster.Domain.Agents;

[JsonDerivedType(typeof(PutMail), "put-mail.v1")]
[JsonDerivedType(typeof(SendMail), "send-mail.v1")]
[JsonDerivedType(typeof(ReadMailbox), "read-mailbox.v1")]
[JsonDerivedType(typeof(AcknowledgeMail), "acknowledge-mail.v1")]
public abstract partial record AgentCommand
{
    /// <summary>Puts a message into the agent's mailbox.</summary>
    /// <param name="Mail">Checked.</param>
    public sealed record PutMail(Mail Mail) : AgentCommand, ICommand<MailReply>;

    /// <summary>Sends what the agent says to many others; itself it is passed over.</summary>
    /// <param name="Role">What they have in common.</param>
    /// <param name="To">At most 200.</param>
    /// <param name="Mail">Checked.</param>
    public sealed record SendMail(string Role, ValueList<string> To, Mail Mail) : AgentCommand, ICommand<SendReply>;

    /// <summary>Another actor puts something into the agent's mailbox.</summary>
    /// <param name="Mail">What.</param>
    public sealed record TakeMail(Mail Mail) : AgentCommand;

    /// <summary>Asks where the mailbox ends, and how far it was read. What lies in it is in rows.</summary>
    public sealed record ReadMailbox : AgentCommand, ICommand<MailboxReply>, IReading;

    /// <summary>The agent has read up to here.</summary>
    /// <param name="Seq">A sequence of its mailbox; an older one than the last acknowledged changes nothing.</param>
    public sealed record AcknowledgeMail(long Seq) : AgentCommand, ICommand<MailboxReply>;
}

/// <summary>The answer to <see cref="AgentCommand.PutMail"/>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "reply")]
[JsonDerivedType(typeof(Put), "mail-put.v1")]
[JsonDerivedType(typeof(UnknownAgent), "mail-unknown-agent.v1")]
[JsonDerivedType(typeof(Full), "mail-full.v1")]
public abstract record MailReply
{
    private MailReply()
    {
    }

    /// <summary>It lies in the mailbox.</summary>
    /// <param name="To">Whose.</param>
    /// <param name="Seq">Its place.</param>
    /// <param name="Id">A ULID.</param>
    public sealed record Put(AgentId To, long Seq, string Id) : MailReply;

    /// <summary>Nobody of that name is registered; nothing happened.</summary>
    /// <param name="Agent">The name.</param>
    public sealed record UnknownAgent(AgentId Agent) : MailReply;

    /// <summary>The mailbox holds as much unread as it may; nothing happened.</summary>
    /// <param name="Agent">Whose it is.</param>
    /// <param name="Unread">How many.</param>
    public sealed record Full(AgentId Agent, long Unread) : MailReply;
}

/// <summary>The answer to <see cref="AgentCommand.SendMail"/>.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "reply")]
[JsonDerivedType(typeof(Sent), "mail-sent-to.v1")]
[JsonDerivedType(typeof(UnknownAgent), "mail-unknown-sender.v1")]
[JsonDerivedType(typeof(Nobody), "mail-nobody.v1")]
public abstract record SendReply
{
    private SendReply()
    {
    }

    /// <summary>It is under way to each of them.</summary>
    /// <param name="To">To whom.</param>
    public sealed record Sent(ValueList<string> To) : SendReply;

    /// <summary>Nobody else has the role; nothing happened.</summary>
    public sealed record Nobody : SendReply;

    /// <summary>Nobody of the sender's name is registered; nothing happened.</summary>
    /// <param name="Agent">The name.</param>
    public sealed record UnknownAgent(AgentId Agent) : SendReply;
}

/// <summary>The answer to a command about a mailbox.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "reply")]
[JsonDerivedType(typeof(Found), "mailbox-found.v1")]
[JsonDerivedType(typeof(UnknownAgent), "mailbox-unknown-agent.v1")]
[JsonDerivedType(typeof(NotThere), "mailbox-not-there.v1")]
public abstract record MailboxReply
{
    private MailboxReply()
    {
    }

    /// <summary>How it stands.</summary>
    /// <param name="Last">Sequence of the last one; 0 for none.</param>
    /// <param name="Acknowledged">Up to where it was read.</param>
    /// <param name="Ttl">How long the agent may be silent.</param>
    public sealed record Found(long Last, long Acknowledged, TimeSpan Ttl) : MailboxReply;

    /// <summary>Nobody of that name is registered.</summary>
    /// <param name="Agent">The name.</param>
    public sealed record UnknownAgent(AgentId Agent) : MailboxReply;

    /// <summary>What cannot have been read was acknowledged; nothing happened.</summary>
    /// <param name="Seq">As it came.</param>
    /// <param name="Last">Sequence of the last one.</param>
    public sealed record NotThere(long Seq, long Last) : MailboxReply;
}
