using System.Text.Json.Serialization;

namespace AgentCluster.Domain.ResourcePool;

/// <summary>How the resource pool is written: events, messages, replies, snapshots and rows. Reflection-free.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip, // an older node meets a newer field
    RespectRequiredConstructorParameters = true)] // a missing field is an error, not a default
[JsonSerializable(typeof(PoolEvent))]
[JsonSerializable(typeof(PoolCommand))]
[JsonSerializable(typeof(DeclareReply))]
[JsonSerializable(typeof(AllocateReply))]
[JsonSerializable(typeof(AllocationReply))]
[JsonSerializable(typeof(PoolsReply))]
[JsonSerializable(typeof(PoolState))]
[JsonSerializable(typeof(AllocationPayload))]
[JsonSerializable(typeof(AllocationReply.OfOther), TypeInfoPropertyName = "AllocationOfOther")]
[JsonSerializable(typeof(AllocationReply.Found), TypeInfoPropertyName = "AllocationFound")]
[JsonSerializable(typeof(Allocation))]
[JsonSerializable(typeof(Amount))]
[JsonSerializable(typeof(Pool))]
[JsonSerializable(typeof(PoolView))]
[JsonSerializable(typeof(Shortage))]
[JsonSerializable(typeof(AgentId))]
[JsonSerializable(typeof(TaskId))]
[JsonSerializable(typeof(string))]
internal sealed partial class PoolJson : JsonSerializerContext;
