using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Domain;
using AgentCluster.Domain.Queries;
using AgentCluster.Domain.ResourcePool;

namespace AgentCluster.Bridge.Resources;

/// <summary>An allocation as it is shown.</summary>
/// <param name="Allocation">All of it.</param>
internal sealed record AllocationBody(Allocation Allocation) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Allocation")
        .With("id", Is.Id)
        .With("agent", Is.Text)
        .With("amounts", new MapSchema(Is.Amount))
        .With("status", Is.OneOf("active", "ended"))
        .With("ttl_seconds", Is.Count)
        .With("expires_at", Is.Moment)
        .Maybe("task_id", Is.Id)
        .Maybe("token", Is.Count)
        .With("allocated_at", Is.Moment)
        .Maybe("ended_because", Is.OneOf([.. Enum.GetValues<AllocationEnd>().Select(end => end.Word())]))
        .Maybe("ended_at", Is.Moment);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, Allocation.Id.Value);
        json.WriteString("agent"u8, Allocation.Agent.Value);
        json.WritePropertyName("amounts"u8);
        WriteAmounts(json, Allocation.Amounts);
        json.WriteString("status"u8, Allocation.End is null ? "active" : "ended");
        json.WriteNumber("ttl_seconds"u8, Allocation.TtlSeconds);
        json.WriteString("expires_at"u8, Allocation.ExpiresAt.UtcDateTime);
        json.WriteOptional("task_id"u8, Allocation.Task?.Value);
        json.WriteOptional("token"u8, Allocation.Token?.Value);
        json.WriteString("allocated_at"u8, Allocation.AllocatedAt.UtcDateTime);
        json.WriteOptional("ended_because"u8, Allocation.End?.Word());
        json.WriteOptional("ended_at"u8, Allocation.EndedAt);
        json.WriteEndObject();
    }

    /// <summary>Writes amounts as an object.</summary>
    /// <param name="json">Where a value is due.</param>
    /// <param name="amounts">Each resource once.</param>
    public static void WriteAmounts(Utf8JsonWriter json, ValueList<Amount> amounts)
    {
        json.WriteStartObject();
        foreach (var amount in amounts)
        {
            json.WriteNumber(amount.Resource, amount.Value);
        }

        json.WriteEndObject();
    }
}

/// <summary>A page of allocations.</summary>
/// <param name="Page">Newest first.</param>
internal sealed record AllocationsBody(AllocationPage Page) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Allocations").PageOf(AllocationBody.Schema);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WritePage(Page.Allocations.Select(each => new AllocationBody(each)), Page.Total);
        json.WriteEndObject();
    }
}
