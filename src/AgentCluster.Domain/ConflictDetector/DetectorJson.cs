using System.Text.Json.Serialization;
using AgentCluster.Domain.Conflicts;
using AgentCluster.Domain.Reservations;
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
[JsonSerializable(typeof(DetectorCommand))]
[JsonSerializable(typeof(ReserveReply))]
[JsonSerializable(typeof(ReservationReply))]
[JsonSerializable(typeof(DecideReply))]
[JsonSerializable(typeof(WorktreesReply))]
[JsonSerializable(typeof(ForecastReply))]
[JsonSerializable(typeof(ReservationsReply))]
[JsonSerializable(typeof(ConflictReply))]
[JsonSerializable(typeof(ReservationReply.OfOther), TypeInfoPropertyName = "ReservationOfOther")]
[JsonSerializable(typeof(Reservation))]
[JsonSerializable(typeof(RecordedDecision))]
[JsonSerializable(typeof(Conflict))]
[JsonSerializable(typeof(Attempt))]
[JsonSerializable(typeof(Pattern))]
[JsonSerializable(typeof(ConflictPayload))]
[JsonSerializable(typeof(AgentId))]
[JsonSerializable(typeof(TaskId))]
[JsonSerializable(typeof(ConflictId))]
[JsonSerializable(typeof(WorktreePayload))]
[JsonSerializable(typeof(RepositoryPayload))]
[JsonSerializable(typeof(Worktree))]
[JsonSerializable(typeof(Touch))]
[JsonSerializable(typeof(PairForecast))]
[JsonSerializable(typeof(ConflictedFile))]
[JsonSerializable(typeof(string))]
internal sealed partial class DetectorJson : JsonSerializerContext;
