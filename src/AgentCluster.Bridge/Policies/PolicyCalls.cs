using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Resources;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.Policies;
using AgentCluster.Domain.Queries;
using AgentCluster.Domain.ResourcePool;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Bridge.Policies;

/// <summary>How far agents may go together.</summary>
internal static class PolicyCalls
{
    /// <summary>The limits.</summary>
    public static Operation<NoRequest> Show(ResourceCalls resources) => new(
        "policy_show",
        Scope.TasksRead,
        "Shows how far agents may go together",
        NoRequest.Shape,
        Answers.Ok(PolicyBody.Schema),
        async (_, _) => Answer.Ok(new PolicyBody((await resources.AskAsync(Kinds.PolicyOfAll, new PolicyCommand.ReadPolicy(), id: null)).Limits)));

    /// <summary>Other limits, in place of those so far.</summary>
    public static Operation<PolicyRequest> Set(ResourceCalls resources) => new(
        "policy_set",
        Scope.Ops,
        "Says how far agents may go together; what is left out has no limit",
        PolicyRequest.Shape,
        Answers.Ok(PolicyBody.Schema),
        async (request, call) => request.Problem ?? Answer.Ok(new PolicyBody(
            (await resources.AskAsync(Kinds.PolicyOfAll, new PolicyCommand.SetPolicy(request.Limits), call.Id(null))).Limits)));

    /// <summary>Whether something would go too far.</summary>
    public static Operation<CheckRequest> Check(ResourceCalls resources, AgentQueries agents) => new(
        "policy_check",
        Scope.TasksRead,
        "Says in which ways something would go too far, all of them, and does nothing",
        CheckRequest.Shape,
        Answers.Ok(ViolationsBody.Schema).Or(ProblemKind.NotFound),
        async (request, call) =>
    {
        var (task, missing) = await resources.FindAsync(request.Task, call.Gone);
        if (missing is not null)
        {
            return missing;
        }

        var facts = await new Circumstances(resources, agents, call.Gone).OfAsync(request, task);
        return Answer.Ok(new ViolationsBody((await resources.AskAsync(Kinds.PolicyOfAll, new PolicyCommand.CheckPolicy(facts), id: null)).Violations));
    });
}

/// <summary>Looks up what is known of the cluster as somebody is about to do something.</summary>
/// <param name="resources">Knows tasks and what is given away.</param>
/// <param name="agents">Knows who can do what.</param>
/// <param name="cancellationToken">Stops the waiting.</param>
internal sealed class Circumstances(ResourceCalls resources, AgentQueries agents, CancellationToken cancellationToken)
{
    /// <summary>What is asked about, with all that the limits need.</summary>
    /// <param name="request">What was said.</param>
    /// <param name="task">The task that it is about; null for none.</param>
    public async ValueTask<PolicyFacts> OfAsync(CheckRequest request, TaskView? task)
    {
        var who = request.Agents;
        var required = request.Required.Concat(task?.Spec.RequiredCapabilities ?? []).Distinct(StringComparer.Ordinal).ToValueList();
        var project = request.Project ?? task?.Project;
        return new()
        {
            Agents = who,
            OthersWorking = who.IsEmpty ? 0 : (await resources.Tasks.WorkingAsync(cancellationToken)).Count(agent => !who.AsSpan().Contains(agent)),
            Required = required,
            Capabilities = required.IsEmpty ? [] : await CapabilitiesAsync(who),
            Amounts = request.Amounts,
            Held = request.Amounts.IsEmpty || who.IsEmpty ? [] : await resources.Allocations.HeldAsync(who, cancellationToken),
            Pools = request.Amounts.IsEmpty ? [] : (await resources.AskAsync(new PoolCommand.ReadPools(), id: null)).Pools.Select(view => view.Pool).ToValueList(),
            DependsOn = await OpenAsync([.. request.DependsOn, .. (task?.DependsOn ?? []).Where(each => each.Gates).Select(each => each.On)]),
            Project = project,
            TasksHeld = project is null ? 0 : await resources.Tasks.HeldAsync(project, cancellationToken),
        };
    }

    private async ValueTask<ValueList<string>> CapabilitiesAsync(ValueList<AgentId> who) => who.IsEmpty
        ? (await agents.AbilitiesAsync(cancellationToken)).Capabilities.Select(ability => ability.Name).ToValueList()
        : (await agents.FindAllAsync(who, cancellationToken)).SelectMany(agent => agent.Profile.Capabilities).Distinct(StringComparer.Ordinal).ToValueList();

    private async ValueTask<ValueList<Prerequisite>> OpenAsync(IReadOnlyList<TaskId> on)
    {
        var distinct = on.Distinct().ToList();
        var statuses = await resources.Tasks.StatusesAsync(distinct, cancellationToken);
        return distinct.Where(task => !statuses.TryGetValue(task, out var status) || status != WorkStatus.Completed)
            .Select(task => new Prerequisite(task, statuses.TryGetValue(task, out var status) ? status.Word() : null)).ToValueList();
    }
}

/// <summary>How far agents may go.</summary>
internal sealed class PolicyRequest
{
    public static Shape<PolicyRequest> Shape { get; } = new Shape<PolicyRequest>()
        .Whole("max_concurrent_agents", 0, PolicyLimits.MostCount, (request, value) => request.Limits = request.Limits with { MaxConcurrentAgents = (int)value })
        .Amounts("resource_limit", Pool.Most, (request, value) => request.Limits = request.Limits with { ResourceLimit = value })
        .Amounts("wip", PolicyLimits.MostProjects, (request, value) => request.TakeWip(value));

    public PolicyLimits Limits { get; private set; } = new();

    /// <summary>What is wrong beyond the shape; null when nothing is.</summary>
    public Problem? Problem { get; private set; }

    private void TakeWip(ValueList<Amount> byProject)
    {
        foreach (var limit in byProject)
        {
            if (limit.Value > PolicyLimits.MostCount || decimal.Truncate(limit.Value) != limit.Value)
            {
                Problem = Problem.Invalid($"wip.{Faults.Shown(limit.Resource)}", $"must be a whole number from 0 to {PolicyLimits.MostCount}.");
            }
        }

        Limits = Limits with { Wip = byProject.Select(limit => new WorkLimit(limit.Resource, (int)Math.Min(limit.Value, PolicyLimits.MostCount))).ToValueList() };
    }
}

/// <summary>What somebody is about to do.</summary>
internal sealed class CheckRequest
{
    private const int MostAgents = 100;

    public static Shape<CheckRequest> Shape { get; } = new Shape<CheckRequest>()
        .Texts("agents", MostAgents, Bounds.NameLength, (request, value) => request.Agents = value.Distinct(StringComparer.Ordinal).Select(name => new AgentId(name)).ToValueList(), Forms.Name)
        .Texts("required_capabilities", Bounds.ListLength, Bounds.NameLength, (request, value) => request.Required = value.ToValueList(), Forms.Line)
        .Amounts("amounts", Pool.Most, (request, value) => request.Amounts = value)
        .Texts("depends_on", Bounds.ListLength, Ulid.Length, (request, value) => request.DependsOn = value.Select(id => new TaskId(id)).ToValueList(), Forms.Id)
        .Text("task_id", Ulid.Length, (request, value) => request.Task = new(value), form: Forms.Id)
        .Text("project", Bounds.NameLength, (request, value) => request.Project = value, form: Forms.Name);

    public ValueList<AgentId> Agents { get; private set; }

    public ValueList<string> Required { get; private set; }

    public ValueList<Amount> Amounts { get; private set; }

    public ValueList<TaskId> DependsOn { get; private set; }

    public TaskId? Task { get; private set; }

    public string? Project { get; private set; }
}
