using System.Diagnostics;
using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.ConflictDetector;
using AgentCluster.Domain.Reservations;

namespace AgentCluster.Bridge.Repositories;

/// <summary>Who may work on which paths.</summary>
internal static class ReservationCalls
{
    /// <summary>Reserves paths.</summary>
    public static Operation<ReserveRequest> Create(RepositoryCalls repositories) => new(
        "reservation_create",
        Scope.ReservationsWrite,
        "Reserves paths and patterns of a repository, or gets in line for them",
        ReserveRequest.Shape,
        Answers.Created(ReservationBody.Schema).Or(
            ProblemKind.Reserved, ProblemKind.ReservationsFull, ProblemKind.NotFound, ProblemKind.ClaimSuperseded),
        async (request, call) =>
    {
        if (Fields.WrongAgent(call, request.Agent, out var agent) is { } wrong)
        {
            return wrong;
        }

        if (request.Paths.IsEmpty)
        {
            return Problem.Invalid("paths", "must be a list of at least one path or pattern; it is empty.");
        }

        var (stakes, refused) = await repositories.Stakes.FindAsync(request.Task, request.Token, agent, call.Gone);
        if (refused is not null)
        {
            return refused;
        }

        repositories.Signs.Seen(agent);
        Reservation asked = new(new(repositories.Ids.Next()), new(agent), request.Paths, request.Mode, request.TtlSeconds)
        {
            Task = request.Task,
            Project = stakes?.Project,
            Token = request.Token is { } token ? new(token) : null,
            Stake = stakes?.Stake ?? Stake.None,
        };
        return await repositories.AskAsync(call, new DetectorCommand.Reserve(asked), call.Id(agent)) switch
        {
            ReserveReply.Granted granted => Answer.Created(
                new ReservationBody(granted.Reservation) { Conflicts = granted.Conflicts },
                $"/api/v1/repositories/{Uri.EscapeDataString(call.Subject)}/reservations/{granted.Reservation.Id}"),
            ReserveReply.Refused reserved => Refuse(reserved),
            ReserveReply.NoPath path => Problem.Invalid(FormattableString.Invariant($"paths[{path.Index}]"), path.Problem),
            ReserveReply.Full full => new Problem(ProblemKind.ReservationsFull, FormattableString.Invariant(
                $"Expected at most {full.Most} reservations and wants {(full.OfAgent ? $"of '{agent}'" : "of all agents")} in a repository, found as many.")),
            var other => throw new UnreachableException($"Untranslated reply {other.GetType().Name}."),
        };
    });

    /// <summary>Reservations of the repository that the path names.</summary>
    public static Operation<ReservationListRequest> List(RepositoryCalls repositories) => new(
        "reservation_list",
        Scope.TasksRead,
        "Lists what is reserved, wanted and queued in a repository",
        ReservationListRequest.Shape,
        Answers.Ok(ReservationsBody.Schema),
        async (request, call) => Answer.Ok(new ReservationsBody(await repositories.AskAsync(
            call, new DetectorCommand.ReadReservations(request.Limit, request.Offset, request.Agent is { } agent ? new AgentId(agent) : null), id: null))));

    /// <summary>One reservation.</summary>
    public static Operation<NoRequest> Show(RepositoryCalls repositories) => new(
        "reservation_show",
        Scope.TasksRead,
        "Shows one reservation, or what became of a want",
        NoRequest.Shape,
        Answers.Ok(ReservationBody.Schema).Or(ProblemKind.NotFound),
        async (_, call) => Show(call, await repositories.AskAsync(call, new DetectorCommand.ReadReservation(new(call.Other)), id: null)));

    /// <summary>Gives paths back.</summary>
    public static Operation<NoRequest> Release(RepositoryCalls repositories) => new(
        "reservation_release",
        Scope.ReservationsWrite,
        "Gives a reservation back, or a want up; the next in line is told",
        NoRequest.Shape,
        Answers.Ok(ReservationBody.Schema).Or(ProblemKind.NotFound),
        async (_, call) => Show(call, await repositories.AskAsync(
            call,
            new DetectorCommand.ReleaseReservation(new(call.Other), call.Caller is { } caller ? new AgentId(caller) : null),
            call.Id(null))));

    private static Answer Show(in Call call, ReservationReply reply) => reply switch
    {
        ReservationReply.Found found => Answer.Ok(new ReservationBody(found.Reservation)),
        ReservationReply.NoReservation => Problem.NotFound("reservation", call.Other),
        ReservationReply.OfOther other => new Problem(
            ProblemKind.Forbidden, $"The reservation is '{other.Agent}''s; '{call.Caller}' cannot give it back.", ("agent", other.Agent.Value)),
        _ => throw new UnreachableException($"Untranslated reply {reply.GetType().Name}."),
    };

    private static Problem Refuse(ReserveReply.Refused reserved)
    {
        var first = reserved.InTheWay.IsEmpty ? null : reserved.InTheWay[0];
        var queued = reserved.Want.Standing == Standing.Queued;
        return new(
            ProblemKind.Reserved,
            $"{(first is null ? "Others have" : $"'{first.Agent}' has")} some of it. "
                + (queued ? $"You are in line and told when it is your turn, in about {reserved.DelaySeconds} s." : "You are not in line; look at the conflicts."),
            ("holder", first?.Agent.Value),
            ("expires_at", first?.ExpiresAt),
            ("reservation", (Action<Utf8JsonWriter>)(json => new ReservationBody(reserved.Want) { Conflicts = reserved.Conflicts }.Write(json))),
            ("conflicts", reserved.Conflicts.Select(id => id.Value)),
            ("queued", (Action<Utf8JsonWriter>)(json => json.WriteBooleanValue(queued))),
            ("access_order", reserved.InTheWay.Select(each => each.Agent.Value).Append(reserved.Want.Agent.Value)),
            ("estimated_delay", reserved.DelaySeconds));
    }
}

/// <summary>What is reserved for whom.</summary>
internal sealed class ReserveRequest : IByHolder
{
    private static readonly Dictionary<string, ReservationMode> Modes = Enum.GetValues<ReservationMode>().ToDictionary(mode => mode.Word());

    public static Shape<ReserveRequest> Shape { get; } = new Shape<ReserveRequest>()
        .Text("agent", Bounds.NameLength, (request, value) => request.Agent = value, form: Forms.Name)
        .Texts("paths", Reservation.MostPaths, Domain.Repositories.Glob.MostCharacters, (request, value) => request.Paths = value.ToValueList())
        .Word("mode", Modes, (request, value) => request.Mode = value)
        .Whole("ttl_seconds", 1, Reservation.MostSeconds, (request, value) => request.TtlSeconds = (int)value)
        .Text("task_id", Ulid.Length, (request, value) => request.Task = new(value), form: Forms.Id)
        .Whole("token", 1, long.MaxValue, (request, value) => request.Token = value);

    /// <summary>How long it lasts unless the request says otherwise, in seconds: half an hour, as a claim.</summary>
    private const int DefaultSeconds = 30 * 60;

    public string? Agent { get; private set; }

    public ValueList<string> Paths { get; private set; }

    public ReservationMode Mode { get; private set; }

    public int TtlSeconds { get; private set; } = DefaultSeconds;

    public TaskId? Task { get; private set; }

    public long? Token { get; private set; }

    long IByHolder.Token => Token ?? 0;
}

/// <summary>Which reservations to list.</summary>
internal sealed class ReservationListRequest
{
    public static Shape<ReservationListRequest> Shape { get; } = new Shape<ReservationListRequest>()
        .Text("agent", Bounds.NameLength, (request, value) => request.Agent = value, form: Forms.Name)
        .Also(Paging<ReservationListRequest>.Fields((request, value) => request.Limit = value, (request, value) => request.Offset = value, Reservation.MostInRepository));

    public string? Agent { get; private set; }

    public int Limit { get; private set; } = Paging<ReservationListRequest>.DefaultLimit;

    public int Offset { get; private set; }
}
