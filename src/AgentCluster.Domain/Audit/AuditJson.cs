using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Audit;

/// <summary>How the audit is written: events, messages and snapshots. Reflection-free.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip, // an older node meets a newer field
    RespectRequiredConstructorParameters = true)] // a missing field is an error, not a default
[JsonSerializable(typeof(AuditEvent))]
[JsonSerializable(typeof(AuditCommand))]
[JsonSerializable(typeof(AuditReply))]
[JsonSerializable(typeof(AuditState))]
[JsonSerializable(typeof(AuditEntry))]
internal sealed partial class AuditJson : JsonSerializerContext;
