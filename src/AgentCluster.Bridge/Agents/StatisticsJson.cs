using System.Text.Json;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Tasks;
using AgentCluster.Domain.Projections;

namespace AgentCluster.Bridge.Agents;

/// <summary>What an agent has done, as it is shown.</summary>
internal static class StatisticsJson
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("AgentStatistics")
        .With("utilization", Is.Amount with { OrNull = true })
        .With("queue_length", Is.Count)
        .With("average_duration_seconds", Is.Amount with { OrNull = true })
        .With("success_rate", Is.Amount with { OrNull = true })
        .With("claimed", Is.Count)
        .With("completed", Is.Count)
        .With("failed", Is.Count)
        .With("released", Is.Count)
        .With("lapsed", Is.Count)
        .With("cancelled", Is.Count)
        .With("resource_use", CostJson.Written);

    /// <summary>Writes an object.</summary>
    /// <param name="json">Expects a value.</param>
    /// <param name="record">What is known.</param>
    /// <param name="maxConcurrent">How many claims the agent may hold.</param>
    /// <param name="now">UTC.</param>
    public static void Write(Utf8JsonWriter json, AgentRecord record, int maxConcurrent, DateTimeOffset now)
    {
        json.WriteStartObject();
        WriteOrNull(json, "utilization"u8, record.Utilization(maxConcurrent, now));
        json.WriteNumber("queue_length"u8, record.Held);
        WriteOrNull(json, "average_duration_seconds"u8, record.AverageDuration?.TotalSeconds);
        WriteOrNull(json, "success_rate"u8, record.SuccessRate);
        json.WriteNumber("claimed"u8, record.Claimed);
        json.WriteNumber("completed"u8, record.Completed);
        json.WriteNumber("failed"u8, record.Failed);
        json.WriteNumber("released"u8, record.Released);
        json.WriteNumber("lapsed"u8, record.Lapsed);
        json.WriteNumber("cancelled"u8, record.Cancelled);
        json.WritePropertyName("resource_use"u8);
        CostJson.Write(json, record.Cost);
        json.WriteEndObject();
    }

    private static void WriteOrNull(Utf8JsonWriter json, ReadOnlySpan<byte> name, double? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, Math.Round(value, 6));
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
