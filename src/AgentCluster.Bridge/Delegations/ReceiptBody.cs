using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Delegations;

namespace AgentCluster.Bridge.Delegations;

/// <summary>What was delegated, and why to whom.</summary>
/// <param name="Made">As its actor says.</param>
internal sealed record ReceiptBody(DelegateReply.Requested Made) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("DelegationReceipt")
        .With("id", Is.Id)
        .With("status", Is.OneOf(DelegationStatus.Requested.Word()))
        .With("to", Is.Text)
        .With("queued", Is.Flag)
        .Maybe("text", Is.Text);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        var (id, to, why) = (Made.Delegation.Id, Made.Delegation.Spec.To, Made.Delegation.Spec.Choice);
        json.WriteStartObject();
        json.WriteString("id"u8, id.Value);
        json.WriteString("status"u8, DelegationStatus.Requested.Word());
        json.WriteString("to"u8, to.Value);
        json.WriteBoolean("queued"u8, !Made.Online);
        json.WriteOptional("text"u8, Made.Online ? why : OfflineBody.Text(to.Value, "It waits in the mailbox.", why));
        json.WriteEndObject();
    }
}

/// <summary>Who should do it is not there, and nothing was delegated.</summary>
/// <param name="Offline">As the delegator's actor says.</param>
internal sealed record OfflineBody(DelegateReply.Offline Offline) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("DelegateOffline")
        .With("status", Is.OneOf("offline"))
        .With("to", Is.Text)
        .With("text", Is.Text)
        .With("queued", Is.Flag);

    /// <summary>What begins with <c>[OFFLINE]</c>.</summary>
    /// <param name="agent">Who is not there.</param>
    /// <param name="what">What became of the delegation.</param>
    /// <param name="why">Why that one was chosen.</param>
    public static string Text(string agent, string what, string? why) => $"[OFFLINE] '{agent}' is offline. {what}" + (why is null ? "" : " " + why);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("status"u8, "offline"u8);
        json.WriteString("to"u8, Offline.To.Value);
        json.WriteString("text"u8, Text(
            Offline.To.Value, "Nothing was delegated: delegate to somebody else, or again with queue_if_offline.", Offline.Choice));
        json.WriteBoolean("queued"u8, false);
        json.WriteEndObject();
    }
}
