using System.Text.Json.Serialization;
using AgentCluster.Domain.Delegations;
using AgentCluster.Domain.Mailboxes;

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
[JsonSerializable(typeof(MailReply))]
[JsonSerializable(typeof(MailReply.UnknownAgent), TypeInfoPropertyName = "MailUnknownAgent")]
[JsonSerializable(typeof(MailReply.Full), TypeInfoPropertyName = "MailFull")]
[JsonSerializable(typeof(SendReply))]
[JsonSerializable(typeof(SendReply.Nobody), TypeInfoPropertyName = "SendNobody")]
[JsonSerializable(typeof(SendReply.UnknownAgent), TypeInfoPropertyName = "SendUnknownAgent")]
[JsonSerializable(typeof(MailboxReply))]
[JsonSerializable(typeof(MailboxReply.UnknownAgent), TypeInfoPropertyName = "MailboxUnknownAgent")]
[JsonSerializable(typeof(MailboxReply.Found), TypeInfoPropertyName = "MailboxFound")]
[JsonSerializable(typeof(DelegateReply))]
[JsonSerializable(typeof(DelegateReply.UnknownAgent), TypeInfoPropertyName = "DelegateUnknownAgent")]
[JsonSerializable(typeof(DelegateReply.Full), TypeInfoPropertyName = "DelegateFull")]
[JsonSerializable(typeof(DelegationReply))]
[JsonSerializable(typeof(DelegationReply.Found), TypeInfoPropertyName = "DelegationFound")]
[JsonSerializable(typeof(FieldError))]
[JsonSerializable(typeof(MailPayload))]
[JsonSerializable(typeof(DelegationPayload))]
[JsonSerializable(typeof(ContentPayload))]
[JsonSerializable(typeof(AgentState))]
[JsonSerializable(typeof(AgentPayload))]
[JsonSerializable(typeof(string))]
internal sealed partial class AgentJson : JsonSerializerContext;
