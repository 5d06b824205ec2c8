using System.Text.Json;
using AgentCluster.Actors;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;

namespace AgentCluster.Bridge.Cluster;

/// <summary>What a node carries.</summary>
/// <param name="Report">As inspected.</param>
/// <param name="NotReady">Why it cannot serve now; null when it can.</param>
internal sealed record NodeBody(NodeReport Report, string? NotReady) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Node")
        .With("version", Is.Text)
        .With("ready", Is.Flag)
        .Maybe("not_ready_because", Is.Text)
        .With("shards", Is.Count)
        .With("actors", Is.Count)
        .With("pending", Is.Count)
        .With("commits", Is.Count)
        .With("events", Is.Count)
        .With("quarantined", Is.ListOf(Is.Text))
        .With("draining", Is.Flag);

    private static readonly string Version = typeof(NodeBody).Assembly.GetName().Version?.ToString(3) ?? "0";

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("version"u8, Version);
        json.WriteBoolean("ready"u8, NotReady is null);
        json.WriteOptional("not_ready_because"u8, NotReady);
        json.WriteNumber("shards"u8, Report.Shards);
        json.WriteNumber("actors"u8, Report.Actors);
        json.WriteNumber("pending"u8, Report.Pending);
        json.WriteNumber("commits"u8, Report.Commits);
        json.WriteNumber("events"u8, Report.Events);
        json.WriteStartArray("quarantined"u8);
        foreach (var actor in Report.Quarantined)
        {
            json.WriteStringValue(actor.ToString());
        }

        json.WriteEndArray();
        json.WriteBoolean("draining"u8, Report.Draining);
        json.WriteEndObject();
    }
}

/// <summary>One actor in memory.</summary>
/// <param name="Report">As inspected.</param>
internal sealed record ActorBody(ActorReport Report) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Actor")
        .With("actor", Is.Text)
        .With("kind", Is.Text)
        .With("id", Is.Text)
        .With("shard", Is.Count)
        .With("status", Is.Text)
        .With("detail", Is.Text with { OrNull = true })
        .With("turns", Is.Count)
        .With("pending", Is.Count)
        .With("outbox", Is.Count)
        .With("timers", Is.Count)
        .With("failures", Is.Count)
        .With("parked", Is.Count);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("actor"u8, Report.Actor.ToString());
        json.WriteString("kind"u8, Report.Actor.Kind);
        json.WriteString("id"u8, Report.Actor.Name);
        json.WriteNumber("shard"u8, Report.Shard);
        json.WriteString("status"u8, Report.Status);
        json.WriteString("detail"u8, Report.Detail);
        json.WriteNumber("turns"u8, Report.Turns);
        json.WriteNumber("pending"u8, Report.Pending);
        json.WriteNumber("outbox"u8, Report.Outbox);
        json.WriteNumber("timers"u8, Report.Timers);
        json.WriteNumber("failures"u8, Report.Failures);
        json.WriteNumber("parked"u8, Report.Parked);
        json.WriteEndObject();
    }
}
