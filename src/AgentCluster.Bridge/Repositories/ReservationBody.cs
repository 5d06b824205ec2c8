using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Tasks;
using AgentCluster.Domain;
using AgentCluster.Domain.ConflictDetector;
using AgentCluster.Domain.Reservations;

namespace AgentCluster.Bridge.Repositories;

/// <summary>A reservation as it is shown.</summary>
/// <param name="Reservation">All of it.</param>
internal sealed record ReservationBody(Reservation Reservation) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Reservation").With(Plain).With("conflicts", Is.ListOf(Is.Id));

    /// <summary>Its conflicts; none where they are not looked up.</summary>
    public ValueList<ConflictId> Conflicts { get; init; }

    private static ObjectSchema Plain => Is.Object()
        .With("id", Is.Id)
        .With("agent", Is.Text)
        .With("paths", Is.ListOf(Is.Text))
        .With("mode", Is.OneOf([.. Enum.GetValues<ReservationMode>().Select(mode => mode.Word())]))
        .With("status", Is.OneOf([.. Enum.GetValues<Standing>().Select(standing => standing.Word())]))
        .With("ttl_seconds", Is.Count)
        .With("expires_at", Is.Moment)
        .Maybe("task_id", Is.Id)
        .Maybe("token", Is.Count)
        .Maybe("priority", Is.Text)
        .With("requested_at", Is.Moment)
        .Maybe("granted_at", Is.Moment);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, Reservation.Id.Value);
        json.WriteString("agent"u8, Reservation.Agent.Value);
        json.WriteTexts("paths"u8, Reservation.Paths);
        json.WriteString("mode"u8, Reservation.Mode.Word());
        json.WriteString("status"u8, Reservation.Standing.Word());
        json.WriteNumber("ttl_seconds"u8, Reservation.TtlSeconds);
        json.WriteString("expires_at"u8, Reservation.ExpiresAt.UtcDateTime);
        json.WriteOptional("task_id"u8, Reservation.Task?.Value);
        json.WriteOptional("token"u8, Reservation.Token?.Value);
        json.WriteOptional("priority"u8, Reservation.Stake.Priority is { } priority ? Names.Of(priority) : null);
        json.WriteString("requested_at"u8, Reservation.RequestedAt.UtcDateTime);
        json.WriteOptional("granted_at"u8, Reservation.GrantedAt);
        json.WriteTexts("conflicts"u8, Conflicts.Select(id => id.Value).ToValueList());
        json.WriteEndObject();
    }
}

/// <summary>A page of reservations.</summary>
/// <param name="Page">By id.</param>
internal sealed record ReservationsBody(ReservationsReply Page) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Reservations").PageOf(ReservationBody.Schema);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WritePage(Page.Reservations.Select(each => new ReservationBody(each)), Page.Total);
        json.WriteEndObject();
    }
}
