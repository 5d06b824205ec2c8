using System.Text.Json.Serialization;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.TaskRegistry;

/// <summary>How registries are written: events, messages, replies and rows. Reflection-free.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip, // an older node meets a newer field
    RespectRequiredConstructorParameters = true)] // a missing field is an error, not a default
[JsonSerializable(typeof(TaskRegistryEvent))]
[JsonSerializable(typeof(TaskRegistryCommand))]
[JsonSerializable(typeof(CreateReply))]
[JsonSerializable(typeof(ClaimReply))]
[JsonSerializable(typeof(ProgressReply))]
[JsonSerializable(typeof(CompleteReply))]
[JsonSerializable(typeof(TaskReply))]
[JsonSerializable(typeof(EpicReply))]
[JsonSerializable(typeof(EpicsReply))]
[JsonSerializable(typeof(EpicReply.Found), TypeInfoPropertyName = "EpicFound")]
[JsonSerializable(typeof(EpicReply.Refused), TypeInfoPropertyName = "EpicRefused")]
[JsonSerializable(typeof(DeleteReply))]
[JsonSerializable(typeof(WhyReply))]
[JsonSerializable(typeof(WhyReply.Refused), TypeInfoPropertyName = "WhyRefused")]
[JsonSerializable(typeof(AvailableReply))]
[JsonSerializable(typeof(ImportReply))]
[JsonSerializable(typeof(NewTask))]
[JsonSerializable(typeof(ImportedRow))]
[JsonSerializable(typeof(ImportedEpic))]
[JsonSerializable(typeof(DroppedDependency))]
[JsonSerializable(typeof(DanglingDependency))]
[JsonSerializable(typeof(Orphan))]
[JsonSerializable(typeof(EpicId))]
[JsonSerializable(typeof(CreateReply.Created), TypeInfoPropertyName = "TasksCreated")]
[JsonSerializable(typeof(CreateReply.Refused), TypeInfoPropertyName = "CreateRefused")]
[JsonSerializable(typeof(ClaimReply.Refused), TypeInfoPropertyName = "ClaimRefused")]
[JsonSerializable(typeof(ProgressReply.Refused), TypeInfoPropertyName = "ProgressRefused")]
[JsonSerializable(typeof(CompleteReply.Refused), TypeInfoPropertyName = "CompleteRefused")]
[JsonSerializable(typeof(TaskReply.Refused), TypeInfoPropertyName = "TaskRefused")]
[JsonSerializable(typeof(Rows.TaskPayload))]
[JsonSerializable(typeof(Rows.RegistryPayload))]
[JsonSerializable(typeof(Rows.EpicPayload))]
[JsonSerializable(typeof(Rows.DetailPayload))]
[JsonSerializable(typeof(CriterionAnswer))]
[JsonSerializable(typeof(Dependency))]
[JsonSerializable(typeof(FieldError))]
[JsonSerializable(typeof(Note))]
[JsonSerializable(typeof(Reason))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(TaskId))]
[JsonSerializable(typeof(TaskView))]
internal sealed partial class TaskRegistryJson : JsonSerializerContext;
