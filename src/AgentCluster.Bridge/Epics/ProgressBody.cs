using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Tasks;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Bridge.Epics;

/// <summary>How far an epic is.</summary>
/// <param name="Epic">With the numbers that its registry keeps.</param>
internal sealed record ProgressBody(EpicView Epic) : IBody
{
    private static readonly WorkStatus[] Counted =
        [.. Enum.GetValues<WorkStatus>().Where(status => status != WorkStatus.Deleted)];

    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("EpicProgress")
        .With("epic_id", Is.Id)
        .With("status", Is.OneOf([.. Enum.GetValues<EpicStatus>().Select(status => status.Word())]))
        .With("total", Is.Count)
        .With("by_status", Counted.Aggregate(Is.Object(), (schema, status) => schema.With(status.Word(), Is.Count)))
        .With("percent", Is.Amount)
        .With("cost", CostJson.Written)
        .With("budget", BudgetJson.Written with { OrNull = true })
        .With("budget_exhausted", Is.Flag);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("epic_id"u8, Epic.Id.Value);
        json.WriteString("status"u8, Epic.Status.Word());
        json.WriteNumber("total"u8, Epic.Counts.Total);
        json.WriteStartObject("by_status"u8);
        foreach (var status in Counted)
        {
            json.WriteNumber(status.Word(), Epic.Counts.Of(status));
        }

        json.WriteEndObject();
        json.WriteNumber("percent"u8, Epic.Counts.Percent);
        CostJson.Write(json, "cost"u8, Epic.Cost);
        BudgetJson.Write(json, Epic.Spec.Budget);
        json.WriteBoolean("budget_exhausted"u8, Epic.BudgetExhausted);
        json.WriteEndObject();
    }
}
