using System.Text.Json;
using AgentCluster.Actors;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Mailboxes;

namespace AgentCluster.Domain.Delegations;

/// <summary>A delegation as a row, and back; what was said of it as rows beside it, each written once.</summary>
internal static class DelegationRow
{
    public static RowKey Key(DelegationId id) => new(AgentTables.Delegation.Name, id.Value);

    public static RowKey RequestKey(DelegationId id) => new(AgentTables.DelegationText.Name, id.Value);

    public static RowKey ResultKey(DelegationId id) => new(AgentTables.DelegationText.Name, id.Value + "/result");

    public static Row Write(Delegation delegation) => new(
        Key(delegation.Id),
        Kinds.AgentOf(delegation.From),
        [
            RowValue.Of(delegation.From.Value),
            RowValue.Of(delegation.Spec.To.Value),
            RowValue.Of(delegation.Status.Word()),
            RowValue.Of(delegation.Status.IsOpen()),
            RowValue.Of(delegation.CreatedAt),
        ],
        JsonSerializer.SerializeToUtf8Bytes(new(1, delegation), AgentJson.Default.DelegationPayload));

    public static Row Write(RowKey key, AgentId from, Content content) =>
        new(key, Kinds.AgentOf(from), [], JsonSerializer.SerializeToUtf8Bytes(new(1, content), AgentJson.Default.ContentPayload));

    public static Delegation Read(Row row) =>
        JsonSerializer.Deserialize(row.Payload.Span, AgentJson.Default.DelegationPayload)?.Delegation
        ?? throw new JsonException($"The payload of {row.Key} is null.");

    public static Content ReadContent(Row row) =>
        JsonSerializer.Deserialize(row.Payload.Span, AgentJson.Default.ContentPayload)?.Content
        ?? throw new JsonException($"The payload of {row.Key} is null.");
}

/// <summary>What a delegation's row holds beside its columns.</summary>
/// <param name="V">Of this shape. A newer node reads all older ones.</param>
/// <param name="Delegation">All of it.</param>
internal sealed record DelegationPayload(int V, Delegation Delegation);

/// <summary>What was said of a delegation.</summary>
/// <param name="V">Of this shape. A newer node reads all older ones.</param>
/// <param name="Content">All of it.</param>
internal sealed record ContentPayload(int V, Content Content);
