using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Agents;

/// <summary>What an agent says of itself when it registers. Check it with <see cref="Validate"/> before it goes into a command.</summary>
public sealed record AgentProfile
{
    /// <summary>For people; 1 to 128 characters.</summary>
    public required string Name { get; init; }

    /// <summary>For example <c>QA</c>; at most 200 of at most 128 characters.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string> Roles { get; init; }

    /// <summary>What it can do; at most 200 of at most 128 characters.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string> Capabilities { get; init; }

    /// <summary>For example <c>mcp</c>, <c>http</c>, <c>spawned</c>, <c>human</c>; at most 128 characters.</summary>
    public string? Kind { get; init; }

    /// <summary>How many claims it may hold in a project; 1 to 1,000, default 10.</summary>
    public int MaxConcurrent { get; init; } = 10;

    /// <summary>
    /// Set: the agent promises to beat at least this often, and its claims are freed when it is offline beyond the
    /// grace. Null: it is shown offline after 120 s, and only the lease frees a claim. 1 to 86,400.
    /// </summary>
    public int? HeartbeatTtlSeconds { get; init; }

    /// <summary>Free JSON; at most 64 Ki characters.</summary>
    public RawJson? Metadata { get; init; }

    /// <summary>What is wrong with a registration, field by field; empty when nothing is.</summary>
    /// <param name="id">The agent's id.</param>
    /// <param name="profile">As it came.</param>
    public static ValueList<FieldError> Validate(AgentId id, AgentProfile profile) => new Validation()
        .Line("id", id.Value, 1, Bounds.NameLength)
        .Line("name", profile.Name, 1, Bounds.NameLength)
        .Lines("roles", profile.Roles, Bounds.NameLength)
        .Lines("capabilities", profile.Capabilities, Bounds.NameLength)
        .Line("kind", profile.Kind, 1, Bounds.NameLength)
        .Range("max_concurrent", profile.MaxConcurrent, 1, Bounds.MaxConcurrent)
        .Range("heartbeat_ttl_seconds", profile.HeartbeatTtlSeconds ?? 1, 1, Bounds.HeartbeatTtlSeconds)
        .Json("metadata", profile.Metadata)
        .Errors;
}

/// <summary>A registered agent as it is shown.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Profile">What it says of itself.</param>
/// <param name="Online">Whether it gave a sign of life within its time-to-live.</param>
/// <param name="Rotation">Which of its handles is valid: the handle is derived from it, and never stored.</param>
/// <param name="Version">Grows with each change of the registration.</param>
/// <param name="CreatedAt">UTC, of its registration.</param>
/// <param name="UpdatedAt">UTC, of the last change of the registration.</param>
public sealed record AgentView(
    AgentId Id,
    AgentProfile Profile,
    bool Online,
    int Rotation,
    long Version,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>How many mails it has not acknowledged. Only its actor knows; 0 where the agent was read from its row.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long Unread { get; init; }
}
