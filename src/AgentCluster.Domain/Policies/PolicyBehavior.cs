using System.Diagnostics;
using System.Text.Json.Serialization;
using AgentCluster.Actors;
using AgentCluster.Domain.ResourcePool;
using AgentCluster.Domain.TaskRegistry;
using static AgentCluster.Domain.Policies.PolicyCommand;
using static AgentCluster.Domain.Policies.PolicyEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.Policies.PolicyEvent>;

namespace AgentCluster.Domain.Policies;

/// <summary>
/// How far agents may go: one actor of the cluster. Whoever gives something away is told its limit and keeps it exactly: the
/// resource pool what one agent may have, each registry how many of its tasks may be held. How many agents work is known to
/// nobody exactly, so that limit is for whoever asks before it assigns somebody.
/// </summary>
public sealed class PolicyBehavior : IBehavior<PolicyState, PolicyCommand, PolicyEvent>
{
    /// <inheritdoc/>
    public static string Kind => Kinds.Policy;

    /// <inheritdoc/>
    public static ActorJson Json { get; } = new(
        Commands: new(PolicyJson.Default, typeof(PolicyCommand)),
        Events: new(PolicyJson.Default, typeof(PolicyEvent)),
        Replies: new(PolicyJson.Default)
        {
            ["policy-read.v1"] = typeof(PolicyReply),
            ["policy-checked.v1"] = typeof(CheckReply),
        },
        Snapshot: () => PolicyJson.Default.PolicyState);

    /// <inheritdoc/>
    public static RowQuery? Awake => null;

    /// <inheritdoc/>
    public static PolicyState Initial(string name) => new(new PolicyLimits());

    /// <inheritdoc/>
    public static Decision Decide(PolicyState state, PolicyCommand command, in Turn turn) => command switch
    {
        SetPolicy set when set.Limits == state.Limits => Decision.Answer(set, new PolicyReply(state.Limits)),
        SetPolicy set => Decision.Answer(set, new PolicyReply(set.Limits), new PolicySet(set.Limits, turn.Now)).Tell([.. Told(state.Limits, set.Limits)]),
        ReadPolicy read => Decision.Answer(read, new PolicyReply(state.Limits)),
        CheckPolicy check => Decision.Answer(check, new CheckReply(Judging.Of(state.Limits, check.Facts))),
        _ => throw new UnreachableException($"Undecided command {command.GetType().Name}."),
    };

    /// <inheritdoc/>
    public static PolicyState Apply(PolicyState state, PolicyEvent happened) => happened switch
    {
        PolicySet e => new(e.Limits),
        _ => throw new UnreachableException($"Unapplied event {happened.GetType().Name}."),
    };

    /// <inheritdoc/>
    public static IEnumerable<TimerChange> Timers(PolicyState state) => [];

    /// <summary>Who hears of its limit: whoever has another one than before, or none any more.</summary>
    private static IEnumerable<Message> Told(PolicyLimits before, PolicyLimits now)
    {
        if (before.ResourceLimit != now.ResourceLimit)
        {
            yield return new(Kinds.ResourcesOfAll, new PoolCommand.LimitAgents(now.ResourceLimit));
        }

        foreach (var project in before.Wip.Concat(now.Wip).Select(limit => limit.Project).Distinct(StringComparer.Ordinal))
        {
            if (before.WipOf(project) != now.WipOf(project))
            {
                yield return new(Kinds.RegistryOf(project), new TaskRegistryCommand.LimitWork(now.WipOf(project)));
            }
        }
    }
}

/// <summary>The limits.</summary>
/// <param name="Limits">As they are.</param>
public sealed record PolicyState(PolicyLimits Limits);

/// <summary>How policies are written: events, messages, replies and snapshots. Reflection-free.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip, // an older node meets a newer field
    RespectRequiredConstructorParameters = true)] // a missing field is an error, not a default
[JsonSerializable(typeof(PolicyEvent))]
[JsonSerializable(typeof(PolicyCommand))]
[JsonSerializable(typeof(PolicyReply))]
[JsonSerializable(typeof(CheckReply))]
[JsonSerializable(typeof(PolicyState))]
[JsonSerializable(typeof(Amount))]
[JsonSerializable(typeof(WorkLimit))]
[JsonSerializable(typeof(Violation))]
[JsonSerializable(typeof(Holding))]
[JsonSerializable(typeof(Pool))]
[JsonSerializable(typeof(Prerequisite))]
[JsonSerializable(typeof(AgentId))]
[JsonSerializable(typeof(TaskId))]
[JsonSerializable(typeof(string))]
internal sealed partial class PolicyJson : JsonSerializerContext;
