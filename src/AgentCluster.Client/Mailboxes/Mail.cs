using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentCluster.Client.Mailboxes;

/// <summary>Something in an agent's mailbox.</summary>
public sealed record Mail
{
    /// <summary>Its place; the next one has the next.</summary>
    public required long Seq { get; init; }

    /// <summary>Minted by the cluster.</summary>
    public required string Id { get; init; }

    /// <summary><c>message, delegation, status, result</c> or <c>notice</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Who said it; null for the cluster.</summary>
    public string? From { get; init; }

    /// <summary>What it belongs to, in the sender's word; null for nothing.</summary>
    public string? ThreadId { get; init; }

    /// <summary>The delegation that it is about, or null.</summary>
    public string? DelegationId { get; init; }

    /// <summary>How that delegation stands, or null.</summary>
    public string? Status { get; init; }

    /// <summary>What was said.</summary>
    public required string Text { get; init; }

    /// <summary>The sender's own object, or null.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset SentAt { get; init; }

    /// <summary>All other fields, under their names.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? More { get; set; }
}

/// <summary>A part of a mailbox.</summary>
/// <param name="Items">In order.</param>
/// <param name="Cursor">Where the next part begins.</param>
/// <param name="Unread">Not acknowledged yet.</param>
public sealed record InboxPage(IReadOnlyList<Mail> Items, long Cursor, long Unread);

/// <summary>Where a message lies.</summary>
/// <param name="Id">The message's.</param>
/// <param name="To">In whose mailbox.</param>
/// <param name="Seq">Its place there.</param>
public sealed record Posted(string Id, string To, long Seq);

/// <summary>How far a mailbox was read.</summary>
/// <param name="Cursor">The last place.</param>
/// <param name="Unread">Not acknowledged yet.</param>
public sealed record MailboxInfo(long Cursor, long Unread);

/// <summary>What is sent along with a message.</summary>
internal sealed record MessageBody(string From, string Text, string? Subject, string? ThreadId);

/// <summary>Who is sent a message.</summary>
internal sealed record PostedToRole(IReadOnlyList<string> To);

/// <summary>Up to where was read.</summary>
internal sealed record AcknowledgeBody(long Seq);
