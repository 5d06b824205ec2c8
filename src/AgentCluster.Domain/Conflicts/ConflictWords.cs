using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Conflicts;

/// <summary>What sort of conflict it is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConflictType>))]
public enum ConflictType
{
    /// <summary>More than one agent wants what only one can have.</summary>
    [JsonStringEnumMemberName("resource_contention")]
    ResourceContention,

    /// <summary>Two agents work on one branch or in one folder.</summary>
    [JsonStringEnumMemberName("agent_conflict")]
    AgentConflict,

    /// <summary>What is urgent waits for what is not.</summary>
    [JsonStringEnumMemberName("priority_conflict")]
    PriorityConflict,

    /// <summary>Two decisions about one thing contradict each other.</summary>
    [JsonStringEnumMemberName("technical_disagreement")]
    TechnicalDisagreement,
}

/// <summary>How bad it is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Severity>))]
public enum Severity
{
    /// <summary>Worth knowing.</summary>
    [JsonStringEnumMemberName("low")]
    Low,

    /// <summary>Somebody may have to wait.</summary>
    [JsonStringEnumMemberName("medium")]
    Medium,

    /// <summary>Work will be lost or done twice.</summary>
    [JsonStringEnumMemberName("high")]
    High,

    /// <summary>What is critical does not go on.</summary>
    [JsonStringEnumMemberName("critical")]
    Critical,
}

/// <summary>How a conflict stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ConflictStatus>))]
public enum ConflictStatus
{
    /// <summary>It is there, and somebody is asked about it.</summary>
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>It is there, nothing tried has helped, and a human must decide.</summary>
    [JsonStringEnumMemberName("escalated")]
    Escalated,

    /// <summary>It is over.</summary>
    [JsonStringEnumMemberName("resolved")]
    Resolved,
}

/// <summary>The words for what a conflict is.</summary>
public static class ConflictWords
{
    private static readonly ImmutableArray<string> Types = ["resource_contention", "agent_conflict", "priority_conflict", "technical_disagreement"];
    private static readonly ImmutableArray<string> Severities = ["low", "medium", "high", "critical"];
    private static readonly ImmutableArray<string> Statuses = ["open", "escalated", "resolved"];

    /// <summary>As in the outside contract.</summary>
    /// <param name="type">Any.</param>
    public static string Word(this ConflictType type) => Types[(int)type];

    /// <summary>As in the outside contract.</summary>
    /// <param name="severity">Any.</param>
    public static string Word(this Severity severity) => Severities[(int)severity];

    /// <summary>As in the outside contract.</summary>
    /// <param name="status">Any.</param>
    public static string Word(this ConflictStatus status) => Statuses[(int)status];
}
