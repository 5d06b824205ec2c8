using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentCluster.Client.Tasks;

/// <summary>A task as the cluster shows it.</summary>
public sealed record TaskInfo
{
    /// <summary>Minted by the cluster.</summary>
    public required string Id { get; init; }

    /// <summary>The project that it is in.</summary>
    public required string Project { get; init; }

    /// <summary>The epic that it belongs to, or null.</summary>
    public string? EpicId { get; init; }

    /// <summary>What is to be done, in a line.</summary>
    public required string Title { get; init; }

    /// <summary>What is to be done, or null.</summary>
    public string? Description { get; init; }

    /// <summary>The caller's own word for what sort of task it is, or null.</summary>
    public string? Type { get; init; }

    /// <summary>The caller's own words.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary><c>pending, blocked, running, input_required, completed, failed, cancelled</c>.</summary>
    public required string Status { get; init; }

    /// <summary><c>P0</c>, the most urgent, to <c>P4</c>.</summary>
    public required string Priority { get; init; }

    /// <summary>Ids of what must be completed first.</summary>
    public IReadOnlyList<string> DependsOn { get; init; } = [];

    /// <summary>What whoever claims it must be able to do.</summary>
    public IReadOnlyList<string> RequiredCapabilities { get; init; } = [];

    /// <summary>Claims of it that ended without completion.</summary>
    public int Attempt { get; init; }

    /// <summary>Attempts until a human is told.</summary>
    public int MaxAttempts { get; init; }

    /// <summary>Who holds it; null when nobody does.</summary>
    public ClaimInfo? Claim { get; init; }

    /// <summary>What it has cost so far.</summary>
    public CostInfo? Cost { get; init; }

    /// <summary>Grows with each change.</summary>
    public required long Version { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>All other fields, under their names.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? More { get; set; }
}
