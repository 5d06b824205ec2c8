using AgentCluster.Actors;

namespace AgentCluster.Runtime.Kinds;

/// <summary>One kind of actor, as a node is composed of them.</summary>
public sealed class ActorKind
{
    private readonly Func<string, Machine> _create;

    private ActorKind(
        string name, ActorJson json, RowQuery? awake, IReadOnlyList<RowTable> tables, bool replayed, Func<string, Machine> create)
    {
        Name = name;
        Json = json;
        Awake = awake;
        Tables = tables;
        Replayed = replayed;
        _create = create;
    }

    /// <summary>The first half of its actors' addresses.</summary>
    public string Name { get; }

    /// <summary>The tables that its actors write.</summary>
    public IReadOnlyList<RowTable> Tables { get; }

    internal ActorJson Json { get; }

    internal RowQuery? Awake { get; }

    /// <summary>Whether its actors recover from their events.</summary>
    internal bool Replayed { get; }

    /// <summary>A kind that recovers from its newest snapshot and the events after it.</summary>
    /// <typeparam name="TBehavior">What its actors do.</typeparam>
    /// <typeparam name="TState">Their state.</typeparam>
    /// <typeparam name="TCommand">Their commands.</typeparam>
    /// <typeparam name="TEvent">Their events.</typeparam>
    /// <param name="tables">The tables that they write; empty when lists are not read from them.</param>
    public static ActorKind Of<TBehavior, TState, TCommand, TEvent>(params IReadOnlyList<RowTable> tables)
        where TBehavior : IBehavior<TState, TCommand, TEvent>
        where TState : class
        where TCommand : class, ICommand
        where TEvent : class =>
        new(TBehavior.Kind, TBehavior.Json, TBehavior.Awake, tables, replayed: true,
            static name => new EventMachine<TBehavior, TState, TCommand, TEvent>(name));

    /// <summary>A kind that recovers from its rows.</summary>
    /// <inheritdoc cref="Of{TBehavior,TState,TCommand,TEvent}"/>
    public static ActorKind OfRows<TBehavior, TState, TCommand, TEvent>(params IReadOnlyList<RowTable> tables)
        where TBehavior : IRowBehavior<TState, TCommand, TEvent>
        where TState : class, IRowState
        where TCommand : class, ICommand
        where TEvent : class =>
        new(TBehavior.Kind, TBehavior.Json, TBehavior.Awake, tables, replayed: false,
            static name => new RowMachine<TBehavior, TState, TCommand, TEvent>(name));

    /// <summary>A kind that a test answers for: nothing of it is stored but what its actors have taken and sent.</summary>
    internal static ActorKind StandIn(string name, ActorJson json, IReadOnlyList<RowTable> tables, Func<string, Machine> create) =>
        new(name, json, awake: null, tables, replayed: false, create);

    internal Machine Create(string name) => _create(name);
}
