using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Tasks;

/// <summary>Fields of a task that can be changed after its creation. On disk as numbers in rows and as words in events.</summary>
[Flags]
public enum TaskFields
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Where it stands; changed by claims, not by an edit.</summary>
    [JsonStringEnumMemberName("status")]
    Status = 1 << 0,

    /// <summary>Its title.</summary>
    [JsonStringEnumMemberName("title")]
    Title = 1 << 1,

    /// <summary>Its epic.</summary>
    [JsonStringEnumMemberName("epic_id")]
    EpicId = 1 << 2,

    /// <summary>Its type.</summary>
    [JsonStringEnumMemberName("type")]
    Type = 1 << 3,

    /// <summary>Its tags.</summary>
    [JsonStringEnumMemberName("tags")]
    Tags = 1 << 4,

    /// <summary>Its priority.</summary>
    [JsonStringEnumMemberName("priority")]
    Priority = 1 << 5,

    /// <summary>What an agent must have to claim it.</summary>
    [JsonStringEnumMemberName("required_capabilities")]
    RequiredCapabilities = 1 << 6,

    /// <summary>What it depends on.</summary>
    [JsonStringEnumMemberName("depends_on")]
    DependsOn = 1 << 7,

    /// <summary>Whether it is handed out by name only.</summary>
    [JsonStringEnumMemberName("manual_assignment")]
    ManualAssignment = 1 << 8,

    /// <summary>How many claims may end without completion.</summary>
    [JsonStringEnumMemberName("max_attempts")]
    MaxAttempts = 1 << 9,

    /// <summary>Who it is meant for.</summary>
    [JsonStringEnumMemberName("assignee")]
    Assignee = 1 << 10,

    /// <summary>Its description.</summary>
    [JsonStringEnumMemberName("description")]
    Description = 1 << 11,

    /// <summary>What must be true when it is done.</summary>
    [JsonStringEnumMemberName("acceptance_criteria")]
    AcceptanceCriteria = 1 << 12,

    /// <summary>What it expects to touch.</summary>
    [JsonStringEnumMemberName("files")]
    Files = 1 << 13,

    /// <summary>Free JSON.</summary>
    [JsonStringEnumMemberName("requirements")]
    Requirements = 1 << 14,

    /// <summary>Free JSON.</summary>
    [JsonStringEnumMemberName("metadata")]
    Metadata = 1 << 15,

    /// <summary>Who must accept its completion.</summary>
    [JsonStringEnumMemberName("reviewer")]
    Reviewer = 1 << 16,

    /// <summary>Which evidence its completion must bring.</summary>
    [JsonStringEnumMemberName("required_evidence")]
    RequiredEvidence = 1 << 17,

    /// <summary>Links and ids elsewhere.</summary>
    [JsonStringEnumMemberName("references")]
    References = 1 << 18,

    /// <summary>Until when it should be done.</summary>
    [JsonStringEnumMemberName("deadline")]
    Deadline = 1 << 19,

    /// <summary>What it may cost.</summary>
    [JsonStringEnumMemberName("estimated_cost")]
    EstimatedCost = 1 << 20,

    /// <summary>Its workflow.</summary>
    [JsonStringEnumMemberName("workflow_id")]
    WorkflowId = 1 << 21,

    /// <summary>Its workflow's short name.</summary>
    [JsonStringEnumMemberName("workflow_slug")]
    WorkflowSlug = 1 << 22,

    /// <summary>Where its workflow came from.</summary>
    [JsonStringEnumMemberName("workflow_source")]
    WorkflowSource = 1 << 23,

    /// <summary>Its run.</summary>
    [JsonStringEnumMemberName("execution_id")]
    ExecutionId = 1 << 24,
}
