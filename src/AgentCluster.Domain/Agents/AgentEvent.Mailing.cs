using System.Text.Json.Serialization;
using AgentCluster.Domain.Delegations;
using AgentCluster.Domain.Mailboxes;

namespace AgentCluster.Domain.Agents;

public abstract partial record AgentEvent
{
    /// <summary>A mail lies in the mailbox.</summary>
    /// <param name="Seq">Its place: one more than the last.</param>
    /// <param name="Id">A ULID.</param>
    /// <param name="Mail">What it is.</param>
    /// <param name="At">UTC.</param>
    public sealed record MailReceived(long Seq, string Id, Mail Mail, DateTimeOffset At) : AgentEvent;

    /// <summary>The agent sent a mail to many.</summary>
    /// <param name="Role">What they have in common.</param>
    /// <param name="To">To whom.</param>
    public sealed record MailSent(string Role, ValueList<string> To) : AgentEvent;

    /// <summary>The agent has read its mailbox up to here.</summary>
    /// <param name="Seq">The last one read.</param>
    /// <param name="At">UTC.</param>
    public sealed record MailAcknowledged(long Seq, DateTimeOffset At) : AgentEvent;

    /// <summary>The agent delegated something.</summary>
    /// <param name="Delegation">Its id.</param>
    /// <param name="Spec">What to whom.</param>
    /// <param name="Content">What was said.</param>
    /// <param name="At">UTC.</param>
    public sealed record DelegationRequested(DelegationId Delegation, DelegationSpec Spec, Content Content, DateTimeOffset At) : AgentEvent;

    /// <summary>What the agent has delegated stands otherwise, which is also the next mail in its mailbox.</summary>
    /// <param name="Delegation">Its id.</param>
    /// <param name="Status">From here on.</param>
    /// <param name="At">UTC.</param>
    /// <param name="Progress">Percent; null when nobody said so.</param>
    /// <param name="Content">A note, a result.</param>
    /// <param name="By">Who said so; null when the cluster did.</param>
    /// <param name="Seq">The mail's place; 0 when there is none.</param>
    /// <param name="MailId">The mail's id; null when there is none.</param>
    public sealed record DelegationMoved(
        DelegationId Delegation,
        DelegationStatus Status,
        DateTimeOffset At,
        int? Progress = null,
        Content? Content = null,
        AgentId? By = null,
        long Seq = 0,
        string? MailId = null)
        : AgentEvent
    {
        /// <summary>Whether it brought a result.</summary>
        [JsonIgnore]
        public bool HasResult => Content is { Text.Length: > 0 } or { Data: not null };

        /// <summary>The mail that it is; null when it is none.</summary>
        internal MailItem? Mail() => MailId is null
            ? null
            : new(
                Seq,
                MailId,
                new(Status.IsOpen() ? MailKind.Status : MailKind.Result, Content ?? new(""))
                {
                    From = By,
                    ThreadId = Delegation.Value,
                    Delegation = Delegation,
                    Status = Status,
                },
                At);
    }
}
