using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Resources;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Domain;
using AgentCluster.Domain.Policies;
using AgentCluster.Domain.ResourcePool;

namespace AgentCluster.Bridge.Policies;

/// <summary>The limits as they are shown.</summary>
/// <param name="Limits">All of them.</param>
internal sealed record PolicyBody(PolicyLimits Limits) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Policies")
        .With("max_concurrent_agents", Is.Count with { OrNull = true })
        .With("resource_limit", new MapSchema(Is.Amount))
        .With("wip", new MapSchema(Is.Count));

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WritePropertyName("max_concurrent_agents"u8);
        if (Limits.MaxConcurrentAgents is { } most)
        {
            json.WriteNumberValue(most);
        }
        else
        {
            json.WriteNullValue();
        }

        json.WritePropertyName("resource_limit"u8);
        AllocationBody.WriteAmounts(json, Limits.ResourceLimit);
        json.WritePropertyName("wip"u8);
        AllocationBody.WriteAmounts(json, Limits.Wip.Select(limit => new Amount(limit.Project, limit.Most)).ToValueList());
        json.WriteEndObject();
    }
}

/// <summary>In which ways something would go too far.</summary>
/// <param name="Violations">All of them.</param>
internal sealed record ViolationsBody(ValueList<Violation> Violations) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Violations").With("violations", Is.ListOf(Is.Object("Violation")
        .With("code", Is.OneOf([.. Enum.GetValues<ViolationCode>().Select(code => code.Word())]))
        .With("detail", Is.Text)
        .Maybe("limit", Is.Amount)
        .Maybe("found", Is.Amount)
        .Maybe("agent", Is.Text)
        .Maybe("resource", Is.Text)
        .Maybe("project", Is.Text)
        .Maybe("missing", Is.ListOf(Is.Text))
        .Maybe("task_id", Is.Id)
        .Maybe("status", Is.Text)));

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartArray("violations"u8);
        foreach (var violation in Violations)
        {
            Write(json, violation);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Violation violation)
    {
        json.WriteStartObject();
        json.WriteString("code"u8, violation.Code.Word());
        json.WriteString("detail"u8, violation.Detail);
        if (violation is { Limit: { } limit, Found: { } found })
        {
            json.WriteNumber("limit"u8, limit);
            json.WriteNumber("found"u8, found);
        }

        json.WriteOptional("agent"u8, violation.Agent?.Value);
        json.WriteOptional("resource"u8, violation.Resource);
        json.WriteOptional("project"u8, violation.Project);
        json.WriteOptional("missing"u8, violation.Missing);
        json.WriteOptional("task_id"u8, violation.Task?.Value);
        json.WriteOptional("status"u8, violation.Status);
        json.WriteEndObject();
    }
}
