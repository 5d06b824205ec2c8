using System.Globalization;
using System.Text.Json;
using AgentCluster.Actors;
using AgentCluster.Domain.Agents;

namespace AgentCluster.Domain.Mailboxes;

/// <summary>A mail as a row, and back. Written once; the rows of a mailbox lie side by side in the order of their sequence.</summary>
internal static class MailRow
{
    // No agent's name holds a line feed, so no mailbox' ids lie among another's.
    public static string Id(AgentId agent, long seq) => string.Create(CultureInfo.InvariantCulture, $"{agent.Value}\n{seq:D19}");

    public static RowKey Key(AgentId agent, long seq) => new(AgentTables.Mail.Name, Id(agent, seq));

    public static Row Write(AgentId agent, MailItem item) => new(
        Key(agent, item.Seq),
        Kinds.AgentOf(agent),
        [RowValue.Of(item.Seq), RowValue.Of(item.SentAt)],
        JsonSerializer.SerializeToUtf8Bytes(new(1, item.Id, item.Mail), AgentJson.Default.MailPayload));

    public static MailItem Read(Row row)
    {
        var payload = JsonSerializer.Deserialize(row.Payload.Span, AgentJson.Default.MailPayload)
            ?? throw new JsonException($"The payload of {row.Key} is null.");
        return new(row.Columns[0].Number!.Value, payload.Id, payload.Mail, RowValue.Moment(row.Columns[1].Number!.Value));
    }
}

/// <summary>What a mail's row holds beside its columns.</summary>
/// <param name="V">Of this shape. A newer node reads all older ones.</param>
/// <param name="Id">A ULID.</param>
/// <param name="Mail">What it is.</param>
internal sealed record MailPayload(int V, string Id, Mail Mail);
