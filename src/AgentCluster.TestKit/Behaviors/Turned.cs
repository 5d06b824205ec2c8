using System.Collections.Immutable;
using AgentCluster.Actors;

namespace AgentCluster.TestKit.Behaviors;

/// <summary>What a turn came to.</summary>
/// <typeparam name="TEvent">The behavior's events.</typeparam>
/// <param name="Reply">The answer; null when nobody waits for one.</param>
/// <param name="Events">Facts to write.</param>
/// <param name="Soft">Facts that are only applied.</param>
/// <param name="Messages">What others are told.</param>
/// <param name="Timers">Timers set and cancelled.</param>
public sealed record Turned<TEvent>(
    object? Reply,
    ImmutableArray<TEvent> Events,
    ImmutableArray<TEvent> Soft,
    ImmutableArray<Message> Messages,
    ImmutableArray<TimerChange> Timers);
