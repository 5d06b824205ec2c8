using System.Text.Json.Serialization;
using AgentCluster.Domain.Access;

namespace AgentCluster.Domain.Keys;

/// <summary>Names one key, in the cluster. No secret.</summary>
/// <param name="Value">A ULID (<see cref="Ulid"/>).</param>
[JsonConverter(typeof(NameJson<KeyId>))]
public readonly record struct KeyId(string Value) : IName<KeyId>
{
    /// <inheritdoc/>
    public static KeyId Of(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A key as it is kept: everything but its secret. Check one from outside with <see cref="Validate"/>.</summary>
public sealed record AccessKey
{
    /// <summary>How long a key may be good for: ten years, in seconds.</summary>
    public const int LongestLifeSeconds = 10 * 365 * 24 * 60 * 60;

    /// <summary>Its id.</summary>
    public required KeyId Id { get; init; }

    /// <summary>For people; 1 to 128 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Proves its secret.</summary>
    public required KeyHash Hash { get; init; }

    /// <summary>What it may do; at least one.</summary>
    public required ValueList<Scope> Scopes { get; init; }

    /// <summary>The only project that it may touch; null for all.</summary>
    public string? Project { get; init; }

    /// <summary>The only agent that it may act as; null for all.</summary>
    public AgentId? Agent { get; init; }

    /// <summary>UTC.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>UTC; from then on it is refused. Null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>What is wrong with a key, field by field; empty when nothing is.</summary>
    /// <param name="key">As it is to be issued.</param>
    public static ValueList<FieldError> Validate(AccessKey key) => new Validation()
        .Line("name", key.Name, 1, Bounds.NameLength)
        .Require(!key.Scopes.IsEmpty, "scopes", "Expected at least one, found none.")
        .Line("project", key.Project, 1, Bounds.NameLength)
        .Line("agent", key.Agent?.Value, 1, Bounds.NameLength)
        .Require(
            (key.Project is null && key.Agent is null) || !key.Scopes.Any(scope => scope is Scope.Ops or Scope.Admin),
            "scopes",
            "Expected neither ops nor admin on a key that is bound to a project or an agent: they reach beyond both.")
        .Errors;
}
