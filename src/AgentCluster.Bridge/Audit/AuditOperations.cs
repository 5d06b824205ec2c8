using System.Text.Json;
using AgentCluster.Actors;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.Audit;

namespace AgentCluster.Bridge.Audit;

/// <summary>Reads the end of the audit; the whole of it is in the journal.</summary>
internal static class AuditOperations
{
    /// <summary>The last entries, newest first.</summary>
    public static Operation<NoRequest> Last(IActorClient actors) => new(
        "audit_list",
        Scope.Admin,
        "Lists who was refused what, and who did what to keys, lately",
        NoRequest.Shape,
        Answers.Ok(AuditBody.Schema),
        async (_, _) =>
        {
            var read = await actors.AskAsync(Kinds.AuditOfAll, new AuditCommand.ReadAudit(), id: null, CancellationToken.None);
            return Answer.Ok(new AuditBody(read));
        });
}

/// <summary>The last entries of the audit.</summary>
/// <param name="Audit">As its actor shows it.</param>
internal sealed record AuditBody(AuditReply Audit) : IBody
{
    private static readonly string[] Decisions = ["allowed", "unauthorized", "forbidden"];

    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Audit")
        .PageOf(Is.Object("AuditEntry")
            .With("decision", Is.OneOf(Decisions))
            .With("who", Is.Text)
            .With("what", Is.Text)
            .With("why", Is.Text)
            .Maybe("from", Is.Text)
            .With("request_id", Is.Text)
            .With("count", Is.Count)
            .With("first_at", Is.Moment)
            .With("last_at", Is.Moment));

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WritePage(Audit.Last.Reverse(), Audit.Total, entry =>
        {
            json.WriteStartObject();
            json.WriteString("decision"u8, Decisions[(int)entry.Decision]);
            json.WriteString("who"u8, entry.Who);
            json.WriteString("what"u8, entry.What);
            json.WriteString("why"u8, entry.Why);
            json.WriteOptional("from"u8, entry.From);
            json.WriteString("request_id"u8, entry.Request);
            json.WriteNumber("count"u8, entry.Count);
            json.WriteString("first_at"u8, entry.FirstAt.UtcDateTime);
            json.WriteString("last_at"u8, entry.LastAt.UtcDateTime);
            json.WriteEndObject();
        });
        json.WriteEndObject();
    }
}
