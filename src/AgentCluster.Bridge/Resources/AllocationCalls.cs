using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Bridge.Tasks;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.Queries;
using AgentCluster.Domain.ResourcePool;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Bridge.Resources;

/// <summary>Who has how much of what there is.</summary>
internal static class AllocationCalls
{
    /// <summary>Takes resources.</summary>
    public static Operation<AllocateRequest> Create(ResourceCalls resources) => new(
        "allocation_create",
        Scope.ReservationsWrite,
        "Gives an agent resources for a while: all that it asks for, or nothing",
        AllocateRequest.Shape,
        Answers.Created(AllocationBody.Schema).Or(
            ProblemKind.InsufficientResources, ProblemKind.ResourceLimitExceeded, ProblemKind.AllocationsFull, ProblemKind.NotFound, ProblemKind.InvalidTransition),
        async (request, call) =>
    {
        if (Fields.WrongAgent(call, request.Agent, out var agent) is { } wrong)
        {
            return wrong;
        }

        if (request.Amounts.IsEmpty)
        {
            return Problem.Invalid("amounts", "must name at least one resource; it is empty.");
        }

        foreach (var amount in request.Amounts)
        {
            if (amount.Value == 0)
            {
                return Problem.Invalid($"amounts.{Faults.Shown(amount.Resource)}", "must be greater than 0.");
            }
        }

        var (task, missing) = await resources.FindAsync(request.Task, call.Gone);
        if (missing is not null)
        {
            return missing;
        }

        if (task is not null && !task.Status.IsOpen())
        {
            return Refusals.Problem(new TaskRefusal.InvalidTransition(
                task.Status, WorkStatus.Running, $"The task is {task.Status.Word()}: expected one that has not ended, to allocate something for."));
        }

        resources.Signs.Seen(agent);
        Allocation asked = new(new(resources.Ids.Next()), new(agent), request.Amounts, request.TtlSeconds)
        {
            Task = task?.Id,
            Project = task?.Project,
            Token = task?.Claim is { } claim && claim.Agent.Value == agent ? claim.Token : null,
        };
        return await resources.AllocateAsync(asked, call.Id(agent), call.Gone) switch
        {
            AllocateReply.Given given => Answer.Created(new AllocationBody(given.Allocation), $"/api/v1/resources/allocations/{given.Allocation.Id}"),
            AllocateReply.Insufficient lacking => Refuse(lacking.Asked),
            AllocateReply.OverLimit over => new Problem(
                ProblemKind.ResourceLimitExceeded,
                string.Create(CultureInfo.InvariantCulture, $"'{agent}' would have {over.Found} of {over.Resource}; at most {over.Limit} may be had by one agent at a time."),
                ("resource", over.Resource),
                ("limit", (Action<Utf8JsonWriter>)(json => json.WriteNumberValue(over.Limit))),
                ("found", (Action<Utf8JsonWriter>)(json => json.WriteNumberValue(over.Found)))),
            AllocateReply.NoPool unknown => Problem.Invalid(
                $"amounts.{Faults.Shown(unknown.Resource)}", $"is not a resource that is known here; known are {string.Join(", ", unknown.Known)}."),
            AllocateReply.Full full => new Problem(ProblemKind.AllocationsFull, string.Create(
                CultureInfo.InvariantCulture, $"Expected at most {full.Most} allocations {(full.OfAgent ? $"of '{agent}'" : "of all agents")}, found as many.")),
            var other => throw new UnreachableException($"Untranslated reply {other.GetType().Name}."),
        };
    });

    /// <summary>Allocations, filtered, also those that are over.</summary>
    public static Operation<AllocationListRequest> List(ResourceCalls resources) => new(
        "allocation_list",
        Scope.TasksRead,
        "Lists who has resources, and who had, newest first",
        AllocationListRequest.Shape,
        Answers.Ok(AllocationsBody.Schema),
        async (request, call) => Answer.Ok(new AllocationsBody(
            await resources.Allocations.ListAsync(request.Filter, request.Limit, request.Offset, call.Gone))));

    /// <summary>One allocation.</summary>
    public static Operation<NoRequest> Show(ResourceCalls resources) => new(
        "allocation_show",
        Scope.TasksRead,
        "Shows one allocation, also one that is over",
        NoRequest.Shape,
        Answers.Ok(AllocationBody.Schema).Or(ProblemKind.NotFound),
        async (_, call) => await resources.Allocations.FindAsync(new(call.Subject), call.Gone) is { } found
            ? Answer.Ok(new AllocationBody(found))
            : Problem.NotFound("allocation", call.Subject));

    /// <summary>Makes an allocation last longer.</summary>
    public static Operation<RenewRequest> Renew(ResourceCalls resources) => new(
        "allocation_renew",
        Scope.ReservationsWrite,
        "Makes an allocation last longer, from now",
        RenewRequest.Shape,
        Answers.Ok(AllocationBody.Schema).Or(ProblemKind.NotFound),
        async (request, call) =>
    {
        var reply = await resources.AskAsync(new PoolCommand.RenewAllocation(new(call.Subject), request.TtlSeconds, Only(call)), call.Id(null));
        if (reply is AllocationReply.Found found)
        {
            resources.Signs.Seen(found.Allocation.Agent.Value);
        }

        return Shown(call, reply);
    });

    /// <summary>Gives resources back.</summary>
    public static Operation<NoRequest> Release(ResourceCalls resources) => new(
        "allocation_release",
        Scope.ReservationsWrite,
        "Gives all resources of an allocation back",
        NoRequest.Shape,
        Answers.Ok(AllocationBody.Schema).Or(ProblemKind.NotFound),
        async (_, call) => Shown(call, await resources.AskAsync(new PoolCommand.ReleaseAllocation(new(call.Subject), Only(call)), call.Id(null))));

    private static AgentId? Only(in Call call) => call.Caller is { } caller ? new(caller) : null;

    private static Answer Shown(in Call call, AllocationReply reply) => reply switch
    {
        AllocationReply.Found found => Answer.Ok(new AllocationBody(found.Allocation)),
        AllocationReply.NoAllocation => Problem.NotFound("allocation", call.Subject),
        AllocationReply.OfOther other => new Problem(
            ProblemKind.Forbidden, $"The allocation is '{other.Agent}''s; '{call.Caller}' can neither renew it nor give it back.", ("agent", other.Agent.Value)),
        _ => throw new UnreachableException($"Untranslated reply {reply.GetType().Name}."),
    };

    private static Problem Refuse(ValueList<Shortage> asked)
    {
        var missing = asked.Where(each => each.Required > each.Available).Select(each => string.Create(
            CultureInfo.InvariantCulture, $"{each.Pool.Name}: {each.Required} required, {each.Available} of {each.Pool.Total} {each.Pool.Unit} available"));
        return new(
            ProblemKind.InsufficientResources,
            $"Insufficient resources available: {string.Join("; ", missing)}.",
            ("required", (Action<Utf8JsonWriter>)(json => AllocationBody.WriteAmounts(json, asked.Select(each => new Amount(each.Pool.Name, each.Required)).ToValueList()))),
            ("available", (Action<Utf8JsonWriter>)(json => AllocationBody.WriteAmounts(json, asked.Select(each => new Amount(each.Pool.Name, each.Available)).ToValueList()))));
    }
}

/// <summary>What an agent asks for.</summary>
internal sealed class AllocateRequest
{
    /// <summary>How long it lasts unless the request says otherwise, in seconds: half an hour, as a claim.</summary>
    private const int DefaultSeconds = 30 * 60;

    public static Shape<AllocateRequest> Shape { get; } = new Shape<AllocateRequest>()
        .Text("agent", Bounds.NameLength, (request, value) => request.Agent = value, form: Forms.Name)
        .Amounts("amounts", Pool.Most, (request, value) => request.Amounts = value, required: true)
        .Text("task_id", Ulid.Length, (request, value) => request.Task = new(value), form: Forms.Id)
        .Whole("ttl_seconds", 1, Allocation.MostSeconds, (request, value) => request.TtlSeconds = (int)value);

    public string? Agent { get; private set; }

    public ValueList<Amount> Amounts { get; private set; }

    public TaskId? Task { get; private set; }

    public int TtlSeconds { get; private set; } = DefaultSeconds;
}

/// <summary>How much longer.</summary>
internal sealed class RenewRequest
{
    public static Shape<RenewRequest> Shape { get; } = new Shape<RenewRequest>()
        .Whole("ttl_seconds", 1, Allocation.MostSeconds, (request, value) => request.TtlSeconds = (int)value);

    public int? TtlSeconds { get; private set; }
}

/// <summary>Which allocations to list.</summary>
internal sealed class AllocationListRequest
{
    private static readonly Dictionary<string, bool> Statuses = new() { ["active"] = true, ["ended"] = false };

    public static Shape<AllocationListRequest> Shape { get; } = new Shape<AllocationListRequest>()
        .Text("agent", Bounds.NameLength, (request, value) => request.Filter = request.Filter with { Agent = value }, form: Forms.Name)
        .Text("task_id", Ulid.Length, (request, value) => request.Filter = request.Filter with { Task = value }, form: Forms.Id)
        .Word("status", Statuses, (request, value) => request.Filter = request.Filter with { Active = value })
        .Also(Paging<AllocationListRequest>.Fields((request, value) => request.Limit = value, (request, value) => request.Offset = value, int.MaxValue));

    public AllocationFilter Filter { get; private set; } = new();

    public int Limit { get; private set; } = Paging<AllocationListRequest>.DefaultLimit;

    public int Offset { get; private set; }
}
