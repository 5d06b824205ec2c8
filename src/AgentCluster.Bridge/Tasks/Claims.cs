using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.TaskRegistry;

namespace AgentCluster.Bridge.Tasks;

/// <summary>The sole right to work on a task: the best one, or a named one.</summary>
internal static class Claims
{
    /// <summary>How long a lease lasts unless the claim says otherwise, in seconds.</summary>
    public const int DefaultLeaseSeconds = 1_800;

    /// <summary>Claims the best ready task of a project.</summary>
    public static Operation<ClaimNextRequest> Next(TaskCalls tasks) => new(
        "task_claim_next",
        Scope.TasksClaim,
        "Claims the best ready task of a project",
        ClaimNextRequest.Shape,
        Answers.Ok(ClaimBody.Schema).OrNothing().Or(ProblemKind.NotReady),
        async (request, call) =>
    {
        if (Fields.WrongAgent(call, request.Agent, out var agent) is { } wrong)
        {
            return wrong;
        }

        tasks.Signs.Seen(agent);
        var claimant = new Claimant(new(agent), await tasks.Profiles.ClaimProfileAsync(agent), request.Capabilities);
        var command = new TaskRegistryCommand.ClaimNext(claimant, request.LeaseSeconds);
        return await tasks.AnswerAsync(await tasks.AskAsync(request.Project, command, call.Id(agent)));
    });

    /// <summary>Claims the task that the path names.</summary>
    public static Operation<ClaimRequest> One(TaskCalls tasks) => new(
        "task_claim",
        Scope.TasksClaim,
        "Claims one task",
        ClaimRequest.Shape,
        Answers.Ok(ClaimBody.Schema).Or(ProblemKind.NotFound, ProblemKind.AlreadyClaimed, ProblemKind.NotReady),
        async (request, call) =>
    {
        if (Fields.WrongAgent(call, request.Agent, out var agent) is { } wrong)
        {
            return wrong;
        }

        tasks.Signs.Seen(agent);
        var claimant = new Claimant(new(agent), await tasks.Profiles.ClaimProfileAsync(agent), Capabilities: null);
        return await tasks.AskHomeAsync(
            call, task => new TaskRegistryCommand.ClaimTask(task, claimant, request.LeaseSeconds), call.Id(agent), tasks.AnswerAsync);
    });
}

/// <summary>Asks for the best ready task.</summary>
internal sealed class ClaimNextRequest : IOfProject
{
    public static Shape<ClaimNextRequest> Shape { get; } = new Shape<ClaimNextRequest>()
        .Text("agent", Bounds.NameLength, (request, value) => request.Agent = value, form: Forms.Name)
        .Text("project", Bounds.NameLength, (request, value) => request.Project = value, form: Forms.Name)
        .Texts("capabilities", Bounds.ListLength, Bounds.NameLength, (request, value) => request.Capabilities = value.ToValueList(), Forms.Name)
        .Whole("lease_seconds", 1, Bounds.LeaseSeconds, (request, value) => request.LeaseSeconds = (int)value);

    public string? Agent { get; private set; }

    public string Project { get; private set; } = TaskCalls.DefaultProject;

    public bool IsWithin(string project) => Project == project;

    public ValueList<string>? Capabilities { get; private set; }

    public int LeaseSeconds { get; private set; } = Claims.DefaultLeaseSeconds;
}

/// <summary>Asks for a named task.</summary>
internal sealed class ClaimRequest
{
    public static Shape<ClaimRequest> Shape { get; } = new Shape<ClaimRequest>()
        .Text("agent", Bounds.NameLength, (request, value) => request.Agent = value, form: Forms.Name)
        .Whole("lease_seconds", 1, Bounds.LeaseSeconds, (request, value) => request.LeaseSeconds = (int)value);

    public string? Agent { get; private set; }

    public int LeaseSeconds { get; private set; } = Claims.DefaultLeaseSeconds;
}
