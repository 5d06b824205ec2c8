using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Projections;

namespace AgentCluster.Bridge.Agents;

/// <summary>An agent as it is shown.</summary>
/// <param name="Agent">The agent.</param>
/// <param name="Held">How many claims it holds: as many as it may make it busy.</param>
/// <param name="Handle">Its secret; null wherever it is not shown.</param>
internal sealed record AgentBody(AgentView Agent, int Held, Secret? Handle = null) : IVersioned
{
    /// <summary>What it has done, and the time until which that is counted; null where it is not shown.</summary>
    public (AgentRecord Record, DateTimeOffset Until)? Done { get; init; }

    /// <summary>What a presence is.</summary>
    public static TextSchema PresenceSchema { get; } = Is.OneOf("idle", "busy", "offline");

    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Agent")
        .With("id", Is.Text)
        .With("name", Is.Text)
        .With("roles", Is.ListOf(Is.Text))
        .With("capabilities", Is.ListOf(Is.Text))
        .With("kind", Is.Text with { OrNull = true })
        .With("max_concurrent", Is.Count)
        .With("heartbeat_ttl_seconds", Is.Count with { OrNull = true })
        .Maybe("metadata", Is.Free)
        .With("presence", PresenceSchema)
        .With("online", Is.Flag)
        .With("version", Is.Count)
        .With("created_at", Is.Moment)
        .With("updated_at", Is.Moment)
        .Maybe("statistics", StatisticsJson.Schema)
        .Maybe("handle", Is.Text);

    /// <summary><c>idle</c>, <c>busy</c> or <c>offline</c>.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="held">How many claims it holds.</param>
    public static string Presence(AgentView agent, int held) =>
        !agent.Online ? "offline" : held >= agent.Profile.MaxConcurrent ? "busy" : "idle";

    /// <inheritdoc/>
    public long Version => Agent.Version;

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        var profile = Agent.Profile;
        json.WriteStartObject();
        json.WriteString("id"u8, Agent.Id.Value);
        json.WriteString("name"u8, profile.Name);
        json.WriteTexts("roles"u8, profile.Roles);
        json.WriteTexts("capabilities"u8, profile.Capabilities);
        json.WriteString("kind"u8, profile.Kind);
        json.WriteNumber("max_concurrent"u8, profile.MaxConcurrent);
        if (profile.HeartbeatTtlSeconds is { } promised)
        {
            json.WriteNumber("heartbeat_ttl_seconds"u8, promised);
        }
        else
        {
            json.WriteNull("heartbeat_ttl_seconds"u8);
        }

        json.WriteOptional("metadata"u8, profile.Metadata);
        json.WriteString("presence"u8, Presence(Agent, Held));
        json.WriteBoolean("online"u8, Agent.Online);
        json.WriteNumber("version"u8, Agent.Version);
        json.WriteString("created_at"u8, Agent.CreatedAt.UtcDateTime);
        json.WriteString("updated_at"u8, Agent.UpdatedAt.UtcDateTime);
        if (Done is var (record, until))
        {
            json.WritePropertyName("statistics"u8);
            StatisticsJson.Write(json, record, profile.MaxConcurrent, until);
        }

        json.WriteOptional("handle"u8, Handle?.Reveal());
        json.WriteEndObject();
    }
}
