using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Tasks;

/// <summary>A task that must end before another can begin, and what is known of it. Written into the dependant's row when it changes.</summary>
/// <param name="On">The task depended on; same project.</param>
/// <param name="State">How it stands.</param>
public readonly record struct Dependency(TaskId On, DependencyState State)
{
    /// <summary>Whether it keeps the dependant from beginning.</summary>
    [JsonIgnore]
    public bool Gates => State is DependencyState.Open or DependencyState.Failed or DependencyState.Cancelled;
}

/// <summary>How a task that is depended on stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DependencyState>))]
public enum DependencyState
{
    /// <summary>Not ended: gates.</summary>
    [JsonStringEnumMemberName("open")]
    Open,

    /// <summary>Completed, or deleted: satisfied.</summary>
    [JsonStringEnumMemberName("satisfied")]
    Satisfied,

    /// <summary>Failed: gates for good.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Cancelled: gates for good.</summary>
    [JsonStringEnumMemberName("cancelled")]
    Cancelled,

    /// <summary>No such task here; an import named it and it may come yet. Does not gate.</summary>
    [JsonStringEnumMemberName("dangling")]
    Dangling,
}
