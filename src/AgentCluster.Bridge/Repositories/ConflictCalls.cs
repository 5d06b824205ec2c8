using System.Collections.Frozen;
using System.Diagnostics;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.ConflictDetector;
using AgentCluster.Domain.Conflicts;
using AgentCluster.Domain.Queries;

namespace AgentCluster.Bridge.Repositories;

/// <summary>What gets in each other's way.</summary>
internal static class ConflictCalls
{
    /// <summary>Any conflicts, filtered.</summary>
    public static Operation<ConflictListRequest> List(RepositoryCalls repositories) => new(
        "conflict_list",
        Scope.TasksRead,
        "Lists conflicts of all repositories, newest first",
        ConflictListRequest.Shape,
        Answers.Ok(ConflictsBody.Schema),
        async (request, call) => Answer.Ok(new ConflictsBody(
            await repositories.Conflicts.ListAsync(request.Filter, request.Limit, request.Offset, call.Gone))));

    /// <summary>One conflict.</summary>
    public static Operation<NoRequest> Show(RepositoryCalls repositories) => new(
        "conflict_show",
        Scope.TasksRead,
        "Shows one conflict with everything that was tried about it",
        NoRequest.Shape,
        Answers.Ok(ConflictBody.Schema).Or(ProblemKind.NotFound),
        async (_, call) => await repositories.Conflicts.FindAsync(new(call.Subject), call.Gone) is { } found
            ? Answer.Ok(new ConflictBody(found))
            : Problem.NotFound("conflict", call.Subject));

    /// <summary>Somebody decides a conflict.</summary>
    public static Operation<ResolveRequest> Resolve(RepositoryCalls repositories) => new(
        "conflict_resolve",
        Scope.ReservationsWrite,
        "Says what was decided about a conflict, by whoever was asked or by a human",
        ResolveRequest.Shape,
        Answers.Ok(ConflictBody.Schema).Or(ProblemKind.NotFound, ProblemKind.InvalidTransition),
        async (request, call) =>
    {
        if (Fields.WrongAgent(call, request.By, out var by, "by") is { } wrong)
        {
            return wrong;
        }

        if (await repositories.Conflicts.FindAsync(new(call.Subject), call.Gone) is not { } found)
        {
            return Problem.NotFound("conflict", call.Subject);
        }

        var reply = await repositories.AskAsync(
            found.Repository, new DetectorCommand.ResolveConflict(new(call.Subject), request.Resolution, by), call.Id(by));
        return reply switch
        {
            ConflictReply.Known known => Answer.Ok(new ConflictBody(found with { Conflict = known.Conflict })),
            ConflictReply.NoConflict or ConflictReply.IsOver => new Problem(
                ProblemKind.InvalidTransition,
                "The conflict is over already.",
                ("from", ConflictStatus.Resolved.Word()),
                ("to", ConflictStatus.Resolved.Word())),
            ConflictReply.NoChoice wanted => Problem.Invalid("resolution", $"must be one of the choices: {string.Join(", ", wanted.Choices)}; or {DetectorCommand.ResolveConflict.Neither}."),
            _ => throw new UnreachableException($"Untranslated reply {reply.GetType().Name}."),
        };
    });
}

/// <summary>Which conflicts to list.</summary>
internal sealed class ConflictListRequest
{
    private static readonly FrozenDictionary<string, ConflictStatus> Statuses = Enum.GetValues<ConflictStatus>().ToFrozenDictionary(status => status.Word());
    private static readonly FrozenDictionary<string, ConflictType> Types = Enum.GetValues<ConflictType>().ToFrozenDictionary(type => type.Word());
    private static readonly FrozenDictionary<string, Severity> Severities = Enum.GetValues<Severity>().ToFrozenDictionary(severity => severity.Word());

    public static Shape<ConflictListRequest> Shape { get; } = new Shape<ConflictListRequest>()
        .Word("status", Statuses, (request, value) => request.Filter = request.Filter with { Status = value })
        .Word("type", Types, (request, value) => request.Filter = request.Filter with { Type = value })
        .Word("severity", Severities, (request, value) => request.Filter = request.Filter with { Severity = value })
        .Text("repository", Bounds.NameLength, (request, value) => request.Filter = request.Filter with { Repository = value }, form: Forms.Name)
        .Text("agent", Bounds.NameLength, (request, value) => request.Filter = request.Filter with { Agent = value }, form: Forms.Name)
        .Also(Paging<ConflictListRequest>.Fields((request, value) => request.Limit = value, (request, value) => request.Offset = value, int.MaxValue));

    public ConflictFilter Filter { get; private set; } = new();

    public int Limit { get; private set; } = Paging<ConflictListRequest>.DefaultLimit;

    public int Offset { get; private set; }
}

/// <summary>What was decided.</summary>
internal sealed class ResolveRequest
{
    public static Shape<ResolveRequest> Shape { get; } = new Shape<ResolveRequest>()
        .Text("resolution", Bounds.NoteLength, (request, value) => request.Resolution = value, required: true, form: Forms.Prose)
        .Text("by", Bounds.NameLength, (request, value) => request.By = value, form: Forms.Name);

    public string Resolution { get; private set; } = "";

    public string? By { get; private set; }
}
