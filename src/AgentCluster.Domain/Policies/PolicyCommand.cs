using System.Text.Json.Serialization;
using AgentCluster.Actors;

namespace AgentCluster.Domain.Policies;

/// <summary>What can be asked about policies. Closed: every case is here. Each has a name on the wire.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "command")]
[JsonDerivedType(typeof(SetPolicy), "set-policy.v1")]
[JsonDerivedType(typeof(ReadPolicy), "read-policy.v1")]
[JsonDerivedType(typeof(CheckPolicy), "check-policy.v1")]
public abstract record PolicyCommand : ICommand
{
    private PolicyCommand()
    {
    }

    /// <summary>Says how far agents may go from now on. What goes further already may end as it is.</summary>
    /// <param name="Limits">All of them: what is left out has no limit any more.</param>
    public sealed record SetPolicy(PolicyLimits Limits) : PolicyCommand, ICommand<PolicyReply>;

    /// <summary>Reads the limits.</summary>
    public sealed record ReadPolicy : PolicyCommand, ICommand<PolicyReply>, IReading;

    /// <summary>Asks whether something would go too far. Nothing happens.</summary>
    /// <param name="Facts">What it is.</param>
    public sealed record CheckPolicy(PolicyFacts Facts) : PolicyCommand, ICommand<CheckReply>, IReading;
}

/// <summary>The answer to a command about the limits.</summary>
/// <param name="Limits">As they are now.</param>
public sealed record PolicyReply(PolicyLimits Limits);

/// <summary>The answer to <see cref="PolicyCommand.CheckPolicy"/>.</summary>
/// <param name="Violations">All of them; none when nothing would go too far.</param>
public sealed record CheckReply([property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ValueList<Violation> Violations = default);

/// <summary>What has happened to the limits. Names on disk carry a version and are never reused.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(PolicySet), "policy-set.v1")]
public abstract record PolicyEvent
{
    private PolicyEvent()
    {
    }

    /// <summary>The limits are others.</summary>
    /// <param name="Limits">All of them.</param>
    /// <param name="At">UTC.</param>
    public sealed record PolicySet(PolicyLimits Limits, DateTimeOffset At) : PolicyEvent;
}
