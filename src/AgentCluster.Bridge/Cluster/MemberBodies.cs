using System.Text.Json;
using AgentCluster.Actors;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;

namespace AgentCluster.Bridge.Cluster;

/// <summary>The nodes.</summary>
/// <param name="Members">As this node knows them.</param>
internal sealed record MembersBody(IReadOnlyList<MemberReport> Members) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Members")
        .PageOf(Is.Object("Member")
            .With("id", Is.Text)
            .With("address", Is.Text)
            .With("status", Is.Text)
            .With("self", Is.Flag)
            .With("shards", Is.Count)
            .With("joined_at", Is.Moment)
            .With("version", Is.Text));

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WritePage(Members, Members.Count, member =>
        {
            json.WriteStartObject();
            json.WriteString("id"u8, member.Id);
            json.WriteString("address"u8, member.Address);
            json.WriteString("status"u8, member.Status);
            json.WriteBoolean("self"u8, member.IsSelf);
            json.WriteNumber("shards"u8, member.Shards);
            json.WriteString("joined_at"u8, member.JoinedAt.UtcDateTime);
            json.WriteString("version"u8, member.Version);
            json.WriteEndObject();
        });
        json.WriteEndObject();
    }
}

/// <summary>Which life of the store this is.</summary>
/// <param name="Generation">From 1.</param>
internal sealed record GenerationBody(int Generation) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Generation").With("generation", Is.Count);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("generation"u8, Generation);
        json.WriteEndObject();
    }
}

/// <summary>Who owns what.</summary>
/// <param name="Shards">A page of them.</param>
/// <param name="Total">How many there are.</param>
internal sealed record ShardsBody(IReadOnlyList<ShardReport> Shards, int Total) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Shards")
        .PageOf(Is.Object("Shard")
            .With("shard", Is.Count)
            .With("epoch", Is.Count)
            .With("owner", Is.Text with { OrNull = true })
            .With("address", Is.Text with { OrNull = true }));

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WritePage(Shards, Total, shard =>
        {
            json.WriteStartObject();
            json.WriteNumber("shard"u8, shard.Shard);
            json.WriteNumber("epoch"u8, shard.Epoch);
            json.WriteString("owner"u8, shard.Owner);
            json.WriteString("address"u8, shard.Address);
            json.WriteEndObject();
        });
        json.WriteEndObject();
    }
}

/// <summary>Actors in memory.</summary>
/// <param name="Actors">A page of them.</param>
/// <param name="Total">How many there are.</param>
internal sealed record ActorsBody(IReadOnlyList<ActorReport> Actors, int Total) : IBody
{
    /// <summary>What is written.</summary>
    public static ObjectSchema Schema { get; } = Is.Object("Actors")
        .PageOf(ActorBody.Schema);

    /// <inheritdoc/>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WritePage(Actors, Total, actor => new ActorBody(actor).Write(json));
        json.WriteEndObject();
    }
}
