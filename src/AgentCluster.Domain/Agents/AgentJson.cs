using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Agents;

/// <summary>How agents are written: events, messages, replies, snapshots and rows. Reflection-free.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip, // an older node meets a newer field
    RespectRequiredConstructorParameters = true)] // a missing field is an error, not a default
[JsonSerializable(typeof(AgentEvent))]
[JsonSerializable(typeof(AgentCommand))]
[JsonSerializable(typeof(AgentReply))]
[JsonSerializable(typeof(RegisterReply))]
[JsonSerializable(typeof(RegisterReply.VersionMismatch), TypeInfoPropertyName = "RegisterVersionMismatch")]
[JsonSerializable(typeof(AgentState))]
[JsonSerializable(typeof(AgentPayload))]
[JsonSerializable(typeof(string))]
internal sealed partial class AgentJson : JsonSerializerContext;
