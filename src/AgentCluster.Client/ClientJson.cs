using System.Text.Json.Serialization;
using AgentCluster.Client.Agents;
using AgentCluster.Client.Delegations;
using AgentCluster.Client.Epics;
using AgentCluster.Client.Live;
using AgentCluster.Client.Mailboxes;
using AgentCluster.Client.Tasks;

namespace AgentCluster.Client;

/// <summary>How requests and answers are written: names in snake_case, nothing for what is left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TaskDraft))]
[JsonSerializable(typeof(TaskInfo))]
[JsonSerializable(typeof(TaskPage))]
[JsonSerializable(typeof(Claimed))]
[JsonSerializable(typeof(Completion))]
[JsonSerializable(typeof(Progress))]
[JsonSerializable(typeof(BatchBody))]
[JsonSerializable(typeof(ClaimNextBody))]
[JsonSerializable(typeof(ClaimBody))]
[JsonSerializable(typeof(ProgressBody))]
[JsonSerializable(typeof(CompleteBody))]
[JsonSerializable(typeof(EndBody))]
[JsonSerializable(typeof(AskBody))]
[JsonSerializable(typeof(AnswerBody))]
[JsonSerializable(typeof(CancelBody))]
[JsonSerializable(typeof(ReviewBody))]
[JsonSerializable(typeof(AgentDraft))]
[JsonSerializable(typeof(AgentInfo))]
[JsonSerializable(typeof(AgentPage))]
[JsonSerializable(typeof(Heartbeat))]
[JsonSerializable(typeof(NothingBody))]
[JsonSerializable(typeof(EpicDraft))]
[JsonSerializable(typeof(EpicInfo))]
[JsonSerializable(typeof(DelegationDraft))]
[JsonSerializable(typeof(DelegationInfo))]
[JsonSerializable(typeof(DelegationPage))]
[JsonSerializable(typeof(DelegationReceipt))]
[JsonSerializable(typeof(ReportBody))]
[JsonSerializable(typeof(MessageBody))]
[JsonSerializable(typeof(Posted))]
[JsonSerializable(typeof(PostedToRole))]
[JsonSerializable(typeof(InboxPage))]
[JsonSerializable(typeof(AcknowledgeBody))]
[JsonSerializable(typeof(MailboxInfo))]
[JsonSerializable(typeof(LiveEvent))]
internal sealed partial class ClientJson : JsonSerializerContext;
