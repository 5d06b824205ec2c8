using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Policies;

/// <summary>One way in which something would go too far.</summary>
/// <param name="Code">The sort.</param>
/// <param name="Detail">For people, with the figures.</param>
public sealed record Violation(ViolationCode Code, string Detail)
{
    /// <summary>How much there may be; null for other sorts.</summary>
    public decimal? Limit { get; init; }

    /// <summary>How much there would be; null for other sorts.</summary>
    public decimal? Found { get; init; }

    /// <summary>The agent meant; null for other sorts, and when nobody was named.</summary>
    public AgentId? Agent { get; init; }

    /// <summary>The resource meant; null for other sorts.</summary>
    public string? Resource { get; init; }

    /// <summary>The project meant; null for other sorts.</summary>
    public string? Project { get; init; }

    /// <summary>The capabilities meant; empty for other sorts.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string> Missing { get; init; }

    /// <summary>The task meant; null for other sorts.</summary>
    public TaskId? Task { get; init; }

    /// <summary>How that task stands; null for other sorts, and when there is none.</summary>
    public string? Status { get; init; }
}

/// <summary>The sorts of violations.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ViolationCode>))]
public enum ViolationCode
{
    /// <summary>More agents would work than may.</summary>
    [JsonStringEnumMemberName("max_agents_exceeded")]
    MaxAgentsExceeded,

    /// <summary>Its agents cannot do what is required.</summary>
    [JsonStringEnumMemberName("insufficient_capabilities")]
    InsufficientCapabilities,

    /// <summary>An agent would have more of a resource than it may, or than there is.</summary>
    [JsonStringEnumMemberName("resource_limit_exceeded")]
    ResourceLimitExceeded,

    /// <summary>It depends on something that is not completed.</summary>
    [JsonStringEnumMemberName("dependency_violation")]
    DependencyViolation,

    /// <summary>More tasks of its project would be held than may.</summary>
    [JsonStringEnumMemberName("wip_limit_exceeded")]
    WipLimitExceeded,
}

/// <summary>The words for <see cref="ViolationCode"/>.</summary>
public static class ViolationCodes
{
    private static readonly ImmutableArray<string> Words =
        ["max_agents_exceeded", "insufficient_capabilities", "resource_limit_exceeded", "dependency_violation", "wip_limit_exceeded"];

    /// <summary>As in the outside contract.</summary>
    /// <param name="code">Any.</param>
    public static string Word(this ViolationCode code) => Words[(int)code];
}
