using System.Text.Json;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Bridge.Tasks;

/// <summary>Costs, in requests and in answers.</summary>
internal sealed class CostJson
{
    /// <summary>What a report may hold.</summary>
    public static Shape<CostJson> Shape { get; } = new Shape<CostJson>()
        .Whole("actual_tokens", 0, Bounds.CostAmount, (request, value) => request._cost = request._cost with { ActualTokens = value })
        .Amount("actual_usd", Bounds.CostAmount, (request, value) => request._cost = request._cost with { ActualUsd = value })
        .Whole("duration_ms", 0, Bounds.CostAmount, (request, value) => request._cost = request._cost with { DurationMs = value })
        .Whole("llm_calls", 0, Bounds.CostAmount, (request, value) => request._cost = request._cost with { LlmCalls = value })
        .Whole("tool_invocations", 0, Bounds.CostAmount, (request, value) => request._cost = request._cost with { ToolInvocations = value });

    /// <summary>What is written.</summary>
    public static ObjectSchema Written { get; } = Is.Object("Cost")
        .With("actual_tokens", Is.Count)
        .With("actual_usd", Is.Amount)
        .With("duration_ms", Is.Count)
        .With("llm_calls", Is.Count)
        .With("tool_invocations", Is.Count);

    private Cost _cost = Cost.None;

    /// <summary>The report that was read.</summary>
    public Cost Cost => _cost;

    /// <summary>Writes a cost.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="name">The field.</param>
    /// <param name="cost">What to write.</param>
    public static void Write(Utf8JsonWriter json, ReadOnlySpan<byte> name, Cost cost)
    {
        json.WritePropertyName(name);
        Write(json, cost);
    }

    /// <summary>Writes a cost as a value.</summary>
    /// <param name="json">Expects a value.</param>
    /// <param name="cost">What to write.</param>
    public static void Write(Utf8JsonWriter json, Cost cost)
    {
        json.WriteStartObject();
        json.WriteNumber("actual_tokens"u8, cost.ActualTokens);
        json.WriteNumber("actual_usd"u8, cost.ActualUsd);
        json.WriteNumber("duration_ms"u8, cost.DurationMs);
        json.WriteNumber("llm_calls"u8, cost.LlmCalls);
        json.WriteNumber("tool_invocations"u8, cost.ToolInvocations);
        json.WriteEndObject();
    }
}
