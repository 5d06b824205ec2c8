using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Problems;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Queries;

namespace AgentCluster.Bridge.Agents;

/// <summary>An agent says that it is alive, and hears what it holds.</summary>
internal static class Presence
{
    public static Operation<NoRequest> Heartbeat(AgentCalls agents) => new(
        "agent_heartbeat",
        Scope.AgentsWrite,
        "Says that an agent is alive, and hears what it holds",
        NoRequest.Shape,
        Answers.Ok(HeartbeatBody.Schema).Or(ProblemKind.NotFound),
        async (_, call) =>
    {
        if (AgentCalls.WrongSelf(call) is { } wrong)
        {
            return wrong;
        }

        return await agents.AskAsync(call, new AgentCommand.Heartbeat(), call.Id(call.Subject)) is AgentReply.Found found
            ? Answer.Ok(new HeartbeatBody(found.Agent, await agents.LeasesAfterwardsAsync(call)))
            : AgentCalls.Unknown(call);
    });
}

/// <summary>What an agent hears when it beats.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Leases">What it holds, and what was cancelled while it held it.</param>
internal sealed record HeartbeatBody(AgentView Agent, IReadOnlyList<LeaseView> Leases) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Heartbeat")
        .With("presence", AgentBody.PresenceSchema)
        .With("unread", Is.Count)
        .With("leases", Is.ListOf(Is.Object("Lease")
            .With("task_id", Is.Id)
            .With("token", Is.Count)
            .With("lease_expires_at", Is.Moment)
            .With("cancel_requested", Is.Flag)));

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("presence"u8, AgentBody.Presence(Agent, Leases.Count(lease => !lease.CancelRequested)));
        json.WriteNumber("unread"u8, Agent.Unread);
        json.WriteStartArray("leases"u8);
        foreach (var lease in Leases)
        {
            json.WriteStartObject();
            json.WriteString("task_id"u8, lease.Task.Value);
            json.WriteNumber("token"u8, lease.Token.Value);
            json.WriteString("lease_expires_at"u8, lease.LeaseExpiresAt.UtcDateTime);
            json.WriteBoolean("cancel_requested"u8, lease.CancelRequested);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
