using System.Collections.Frozen;
using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Queries;

namespace AgentCluster.Bridge.Agents;

/// <summary>Reads of agents.</summary>
internal static class Roster
{
    /// <summary>Any agents, filtered.</summary>
    public static Operation<RosterRequest> List(AgentCalls agents) => new(
        "agent_list",
        Scope.AgentsRead,
        "Lists agents",
        RosterRequest.Shape,
        Answers.Ok(AgentsBody.Schema),
        async (request, call) =>
    {
        var page = await agents.Agents.ListAsync(request.Filter, request.Limit, request.Offset, call.Gone);
        return Answer.Ok(new AgentsBody([.. page.Agents.Select(agent => new AgentBody(agent.Agent, agent.Claims))], page.Total));
    });

    /// <summary>The agent that the path names.</summary>
    public static Operation<NoRequest> Show(AgentCalls agents) => new(
        "agent_show",
        Scope.AgentsRead,
        "Shows one agent",
        NoRequest.Shape,
        Answers.Ok(AgentBody.Schema).Tagged().Or(ProblemKind.NotFound),
        async (_, call) =>
            await agents.AskAsync(call, new AgentCommand.ReadAgent(), id: null) is AgentReply.Found found
                ? Answer.Ok(new AgentBody(found.Agent, await agents.HeldAsync(call))
                {
                    Done = (await agents.History.OfAgentAsync(found.Agent.Id, call.Gone), agents.Clock.GetUtcNow()),
                })
                : AgentCalls.Unknown(call));
}

/// <summary>A page of agents.</summary>
/// <param name="Items">In order.</param>
/// <param name="Total">On all pages.</param>
internal sealed record AgentsBody(IReadOnlyList<AgentBody> Items, long Total) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Agents")
        .PageOf(AgentBody.Schema);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WritePage(Items, Total);
        json.WriteEndObject();
    }
}

/// <summary>Which agents to list.</summary>
internal sealed class RosterRequest
{
    private static readonly FrozenDictionary<string, PresenceFilter> Presences = new Dictionary<string, PresenceFilter>
    {
        ["idle"] = PresenceFilter.Idle,
        ["busy"] = PresenceFilter.Busy,
        ["offline"] = PresenceFilter.Offline,
    }.ToFrozenDictionary();

    public static Shape<RosterRequest> Shape { get; } = new Shape<RosterRequest>()
        .Text("role", Bounds.NameLength, (request, value) => request.Filter = request.Filter with { Role = value }, form: Forms.Name)
        .Text("capability", Bounds.NameLength, (request, value) => request.Filter = request.Filter with { Capability = value }, form: Forms.Name)
        .Word("presence", Presences, (request, value) => request.Filter = request.Filter with { Presence = value })
        .Also(Paging<RosterRequest>.Fields((request, value) => request.Limit = value, (request, value) => request.Offset = value, int.MaxValue));

    public AgentFilter Filter { get; private set; } = new();

    public int Limit { get; private set; } = Paging<RosterRequest>.DefaultLimit;

    public int Offset { get; private set; }
}
