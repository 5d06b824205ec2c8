using System.Diagnostics;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.Agents;

namespace AgentCluster.Bridge.Agents;

/// <summary>An agent comes and goes.</summary>
internal static class Registration
{
    /// <summary>Registers the agent that the path names, or replaces its registration.</summary>
    public static Operation<RegisterRequest> Register(AgentCalls agents) => new(
        "agent_register",
        Scope.AgentsWrite,
        "Registers an agent, or replaces its registration",
        RegisterRequest.Shape,
        Answers.Created(AgentBody.Schema).OrOk(AgentBody.Schema).Tagged().Or(ProblemKind.VersionMismatch),
        async (request, call) =>
    {
        if (AgentCalls.WrongSelf(call) is { } wrong)
        {
            return wrong;
        }

        var profile = request.ToProfile(call.Subject);
        if (AgentProfile.Validate(new(call.Subject), profile) is { IsEmpty: false } errors)
        {
            return Problem.Invalid(errors);
        }

        var reply = await agents.AskAsync(
            call, new AgentCommand.RegisterAgent(profile, request.Rotate, call.IfMatch), call.Id(call.Subject));
        return reply switch
        {
            RegisterReply.Registered done => await ShowAsync(agents, call, done),
            RegisterReply.VersionMismatch other => Problem.VersionMismatch(other.Seen, other.Current),
            _ => throw new UnreachableException($"Untranslated reply {reply.GetType().Name}."),
        };
    });

    /// <summary>Removes the registration; its claims are freed.</summary>
    public static Operation<NoRequest> Deregister(AgentCalls agents) => new(
        "agent_deregister",
        Scope.AgentsWrite,
        "Removes an agent and frees its claims",
        NoRequest.Shape,
        Answers.Nothing().Or(ProblemKind.NotFound, ProblemKind.VersionMismatch),
        async (_, call) =>
    {
        if (AgentCalls.WrongSelf(call) is { } wrong)
        {
            return wrong;
        }

        var reply = await agents.AskAsync(call, new AgentCommand.DeregisterAgent(call.IfMatch), call.Id(call.Subject));
        agents.Profiles.Forget(call.Subject);
        return reply switch
        {
            AgentReply.Found => Answer.Nothing,
            AgentReply.VersionMismatch other => Problem.VersionMismatch(other.Seen, other.Current),
            _ => AgentCalls.Unknown(call),
        };
    });

    private static async ValueTask<Answer> ShowAsync(AgentCalls agents, Call call, RegisterReply.Registered done)
    {
        agents.Profiles.Learn(done.Agent);
        var body = new AgentBody(
            done.Agent,
            (await agents.LeasesAfterwardsAsync(call)).Count(lease => !lease.CancelRequested),
            done.HandleIsNew ? agents.Handles.Derive(call.Subject, done.Agent.Rotation) : null);
        return done.Created
            ? Answer.Created(body, $"/api/v1/agents/{Uri.EscapeDataString(call.Subject)}")
            : Answer.Ok(body);
    }
}

/// <summary>What an agent says of itself; what is left out is at its default.</summary>
internal sealed class RegisterRequest
{
    private AgentProfile _profile = new() { Name = string.Empty };

    public static Shape<RegisterRequest> Shape { get; } = new Shape<RegisterRequest>()
        .Text("name", Bounds.NameLength, (request, value) => request._profile = request._profile with { Name = value }, form: Forms.Name)
        .Texts("roles", Bounds.ListLength, Bounds.NameLength, (request, value) => request._profile = request._profile with { Roles = value.ToValueList() }, Forms.Name)
        .Texts("capabilities", Bounds.ListLength, Bounds.NameLength, (request, value) => request._profile = request._profile with { Capabilities = value.ToValueList() }, Forms.Name)
        .Text("kind", Bounds.NameLength, (request, value) => request._profile = request._profile with { Kind = value }, form: Forms.Name)
        .Whole("max_concurrent", 1, Bounds.MaxConcurrent, (request, value) => request._profile = request._profile with { MaxConcurrent = (int)value })
        .Whole("heartbeat_ttl_seconds", 1, Bounds.HeartbeatTtlSeconds, (request, value) => request._profile = request._profile with { HeartbeatTtlSeconds = (int)value })
        .Free("metadata", Bounds.JsonLength, (request, value) => request._profile = request._profile with { Metadata = new(value) })
        .Flag("rotate", (request, value) => request.Rotate = value);

    public bool Rotate { get; private set; }

    /// <summary>The registration; an agent without a name is called by its id.</summary>
    /// <param name="id">The agent's.</param>
    public AgentProfile ToProfile(string id) => _profile.Name.Length == 0 ? _profile with { Name = id } : _profile;
}
