using System.Text.Json.Serialization;
using AgentCluster.Domain.Access;

namespace AgentCluster.Domain.Keys;

/// <summary>How keys are written: events, commands, replies and snapshots. Reflection-free.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip, // an older node meets a newer field
    RespectRequiredConstructorParameters = true)] // a missing field is an error, not a default
[JsonSerializable(typeof(KeysEvent))]
[JsonSerializable(typeof(KeyReply))]
[JsonSerializable(typeof(KeysCommand))]
[JsonSerializable(typeof(KeysReply))]
[JsonSerializable(typeof(KeysState))]
[JsonSerializable(typeof(AccessKey))]
[JsonSerializable(typeof(Scope))]
internal sealed partial class KeysJson : JsonSerializerContext;
