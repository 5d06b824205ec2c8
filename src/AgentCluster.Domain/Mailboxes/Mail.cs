using System.Text.Json.Serialization;
using AgentCluster.Domain.Delegations;

namespace AgentCluster.Domain.Mailboxes;

/// <summary>What is put into a mailbox.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Content">What is said.</param>
public sealed record Mail(MailKind Kind, Content Content)
{
    /// <summary>Who says it; null when the cluster does.</summary>
    public AgentId? From { get; init; }

    /// <summary>Joins what belongs together: of a delegation its id, else as its sender says.</summary>
    public string? ThreadId { get; init; }

    /// <summary>How soon it should be read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Importance Importance { get; init; }

    /// <summary>Whether its sender wants it acknowledged. Shown to its reader.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AckRequired { get; init; }

    /// <summary>What it is about.</summary>
    public DelegationId? Delegation { get; init; }

    /// <summary>How that stands.</summary>
    public DelegationStatus? Status { get; init; }

    /// <summary>The task that it is about.</summary>
    public TaskId? Task { get; init; }

    /// <summary>What is wrong with what a caller wants to say, field by field.</summary>
    /// <param name="content">As it came.</param>
    /// <param name="thread">As it came.</param>
    public static ValueList<FieldError> Validate(Content content, string? thread) => new Validation()
        .Prose("text", content.Text, 1, Bounds.TextLength)
        .Line("subject", content.Subject, 1, Bounds.TitleLength)
        .Line("thread_id", thread, 1, Bounds.NameLength)
        .Json("data", content.Data)
        .Errors;
}

/// <summary>A mail in its place.</summary>
/// <param name="Seq">From 1, without a gap or a repeat in its mailbox.</param>
/// <param name="Id">A ULID.</param>
/// <param name="Mail">What it is.</param>
/// <param name="SentAt">UTC.</param>
public sealed record MailItem(long Seq, string Id, Mail Mail, DateTimeOffset SentAt);
