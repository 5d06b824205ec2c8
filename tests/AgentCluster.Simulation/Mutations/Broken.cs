using AgentCluster.Actors;

namespace AgentCluster.Simulation.Mutations;

/// <summary>The real behaviour but for one rule; each mutant overrides what it breaks.</summary>
internal abstract class Broken<TBehavior, TState, TCommand, TEvent>
    where TBehavior : IBehavior<TState, TCommand, TEvent>
    where TState : class
    where TCommand : class, ICommand
    where TEvent : class
{
    public static string Kind => TBehavior.Kind;

    public static ActorJson Json => TBehavior.Json;

    public static RowQuery? Awake => TBehavior.Awake;

    public static TState Initial(string name) => TBehavior.Initial(name);

    public static Decision<TEvent> Decide(TState state, TCommand command, in Turn turn) => TBehavior.Decide(state, command, turn);

    public static TState Apply(TState state, TEvent happened) => TBehavior.Apply(state, happened);

    public static string Channels(TState state, TEvent happened) => TBehavior.Channels(state, happened);

    public static IEnumerable<TimerChange> Timers(TState state) => TBehavior.Timers(state);
}
