using System.Collections.Immutable;
using System.Text.Json;
using AgentCluster.Actors;
using AgentCluster.Actors.Metrics;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Runtime.Kinds;

internal abstract class BehaviorMachine<TBehavior, TState, TCommand, TEvent>(string name) : Machine
    where TBehavior : IBehavior<TState, TCommand, TEvent>
    where TState : class
    where TCommand : class, ICommand
    where TEvent : class
{
    private ImmutableArray<TEvent> _events = [];
    private ImmutableArray<TEvent> _soft = [];

    protected TState State { get; set; } = TBehavior.Initial(name);

    public override void Decide(ICommand command, in Turn turn)
    {
        var decision = TBehavior.Decide(State, (TCommand)command, turn);
        Reply = decision.Reply;
        Messages = decision.Messages;
        TimerChanges = decision.Timers;
        Missing = decision.Missing;
        Events = decision.Events.Length;
        HasSoftEvents = !decision.SoftEvents.IsEmpty;
        _events = decision.Events;
        _soft = decision.SoftEvents;
    }

    public override void Write(ActorId actor, DateTimeOffset at, List<EventWrite> into)
    {
        foreach (var happened in _events)
        {
            var (name, payload) = TBehavior.Json.Events.Write(happened);
            into.Add(new(actor, name, at, payload, Replayed: this is EventMachine<TBehavior, TState, TCommand, TEvent>, TBehavior.Channels(State, happened))
            {
                Cause = (happened as ICounted)?.Cause ?? "",
            });
        }
    }

    public override void Apply(ICollection<RowKey> touched)
    {
        foreach (var happened in _events)
        {
            State = TBehavior.Apply(State, happened);
        }

        (State as IRowState)?.TakeTouched(touched);
        if (_soft.IsEmpty)
        {
            return;
        }

        foreach (var happened in _soft)
        {
            State = TBehavior.Apply(State, happened);
        }

        (State as IRowState)?.TakeTouched(new List<RowKey>());
    }

    public override void LetGo()
    {
        base.LetGo();
        (_events, _soft) = ([], []);
    }

    public override IEnumerable<TimerChange> Timers(int generation) =>
        [.. TBehavior.Timers(State), .. TBehavior.Superseded(State, generation)];

    public override Row? Project(RowKey key) => ((IRowState)State).Project(key);

    public override void Replay(string name, ReadOnlySpan<byte> payload)
    {
        State = TBehavior.Apply(State, (TEvent)TBehavior.Json.Events.Read(name, payload));
    }
}

/// <summary>Recovers from a snapshot and the events after it.</summary>
internal sealed class EventMachine<TBehavior, TState, TCommand, TEvent>(string name)
    : BehaviorMachine<TBehavior, TState, TCommand, TEvent>(name)
    where TBehavior : IBehavior<TState, TCommand, TEvent>
    where TState : class
    where TCommand : class, ICommand
    where TEvent : class
{
    public override bool HasSnapshot => TBehavior.Json.Snapshot is not null;

    public override byte[] Snapshot() => JsonSerializer.SerializeToUtf8Bytes(State, TBehavior.Json.Snapshot!());

    public override void Restore(ReadOnlySpan<byte> snapshot) =>
        State = (TState)(JsonSerializer.Deserialize(snapshot, TBehavior.Json.Snapshot!())
            ?? throw new JsonException("The snapshot is null."));

    public override void Replay(string name, ReadOnlySpan<byte> payload)
    {
        base.Replay(name, payload);
        if (State is IRowState rows)
        {
            // What recovery touches is in the store already.
            List<RowKey> touched = [];
            rows.TakeTouched(touched);
            touched.ForEach(rows.Forget);
        }
    }

    public override void Forget(RowKey key) => (State as IRowState)?.Forget(key);
}

/// <summary>Recovers from its rows.</summary>
internal sealed class RowMachine<TBehavior, TState, TCommand, TEvent>(string name)
    : BehaviorMachine<TBehavior, TState, TCommand, TEvent>(name)
    where TBehavior : IRowBehavior<TState, TCommand, TEvent>
    where TState : class, IRowState
    where TCommand : class, ICommand
    where TEvent : class
{
    private readonly string _name = name;

    public override IReadOnlyList<RowQuery> Open => TBehavior.Open(_name);

    public override void Load(IReadOnlyList<Row> rows) => State = TBehavior.Load(State, rows);

    public override void Forget(RowKey key) => State = TBehavior.Forget(State, key);
}
