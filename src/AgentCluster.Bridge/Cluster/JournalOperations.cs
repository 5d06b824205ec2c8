using System.Text.Json;
using AgentCluster.Actors;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;

namespace AgentCluster.Bridge.Cluster;

/// <summary>What a cluster has written, as it is written.</summary>
internal static class JournalOperations
{
    /// <summary>The end of the journal.</summary>
    public static Operation<JournalTailRequest> Tail(JournalTail tail) => new(
        "journal_tail",
        Scope.Ops,
        "Shows the last events of the journal as they are stored, oldest first",
        JournalTailRequest.Shape,
        Answers.Ok(JournalTailBody.Schema),
        async (request, call) =>
    {
        var (events, total) = await tail.ReadAsync(request.Shard, request.Limit, call.Gone);
        return Answer.Ok(new JournalTailBody(events, total));
    });
}

/// <summary>Which end of the journal.</summary>
internal sealed class JournalTailRequest
{
    public static Shape<JournalTailRequest> Shape { get; } = new Shape<JournalTailRequest>()
        .Whole("shard", 0, ShardActorsRequest.MostShards - 1, (request, value) => request.Shard = (int)value)
        .Whole("limit", 1, Bounds.PageLength, (request, value) => request.Limit = (int)value);

    public int? Shard { get; private set; }

    public int Limit { get; private set; } = 20;
}

/// <summary>The last events.</summary>
/// <param name="Events">Oldest first.</param>
/// <param name="Total">How many there are where they were looked for.</param>
internal sealed record JournalTailBody(IReadOnlyList<StoredEvent> Events, long Total) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("JournalTail")
        .PageOf(Is.Object("StoredEvent")
            .With("shard", Is.Count)
            .With("sequence", Is.Count)
            .With("at", Is.Moment)
            .With("actor", Is.Text)
            .With("name", Is.Text)
            .With("data", Is.Free));

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WritePage(Events, Total, stored =>
        {
            json.WriteStartObject();
            json.WriteNumber("shard"u8, stored.Shard);
            json.WriteNumber("sequence"u8, stored.Sequence);
            json.WriteString("at"u8, stored.At.UtcDateTime);
            json.WriteString("actor"u8, stored.Actor.ToString());
            json.WriteString("name"u8, stored.Name);
            json.WritePropertyName("data"u8);
            json.WriteRawValue(stored.Payload.Span);
            json.WriteEndObject();
        });
        json.WriteEndObject();
    }
}
