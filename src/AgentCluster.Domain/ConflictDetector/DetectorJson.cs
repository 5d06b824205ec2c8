using System.Text.Json.Serialization;
using AgentCluster.Domain.Worktrees;

namespace AgentCluster.Domain.ConflictDetector;

/// <summary>How conflict detectors are written: events, messages, replies, snapshots and rows. Reflection-free.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip, // an older node meets a newer field
    RespectRequiredConstructorParameters = true)] // a missing field is an error, not a default
[JsonSerializable(typeof(DetectorEvent))]
[JsonSerializable(typeof(WorktreeReply))]
[JsonSerializable(typeof(DetectorState))]
[JsonSerializable(typeof(WorktreePayload))]
[JsonSerializable(typeof(RepositoryPayload))]
[JsonSerializable(typeof(Worktree))]
[JsonSerializable(typeof(Touch))]
[JsonSerializable(typeof(PairForecast))]
[JsonSerializable(typeof(ConflictedFile))]
[JsonSerializable(typeof(string))]
internal sealed partial class DetectorJson : JsonSerializerContext;
