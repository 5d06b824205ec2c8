using AgentCluster.Actors;

namespace AgentCluster.TestKit.Behaviors;

/// <summary>
/// Given these events, when this command, then this reply and these events. No runtime, no time passing. Every event goes
/// through its form on disk, and rows that lists are read from are kept as the runtime would keep them.
/// </summary>
/// <typeparam name="TBehavior">The behavior under test.</typeparam>
/// <typeparam name="TState">Its state.</typeparam>
/// <typeparam name="TCommand">Its commands.</typeparam>
/// <typeparam name="TEvent">Its events.</typeparam>
/// <param name="name">The actor's name.</param>
public abstract class BehaviorSpec<TBehavior, TState, TCommand, TEvent>(string name)
    where TBehavior : IBehavior<TState, TCommand, TEvent>
    where TState : class
    where TCommand : class, ICommand
    where TEvent : class
{
    private readonly List<(string Name, byte[] Payload)> _journal = [];

    /// <summary>The actor's address.</summary>
    protected ActorId Self { get; } = new(TBehavior.Kind, name);

    /// <summary>UTC of the next turn.</summary>
    protected DateTimeOffset Now { get; set; } = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>Monotonic time of the next turn.</summary>
    protected TimeSpan Uptime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Restores of the store.</summary>
    protected int Generation { get; set; } = 1;

    /// <summary>The state now.</summary>
    protected TState State { get; set; } = TBehavior.Initial(name);

    /// <summary>The rows as they would be stored.</summary>
    protected Dictionary<RowKey, Row> Rows { get; } = [];

    /// <summary>Whether after each turn every row is compared with the state: slow, and finds what was changed without being touched.</summary>
    protected bool ComparesEachTurn { get; set; } = true;

    /// <summary>Lets time pass.</summary>
    /// <param name="time">Greater than zero.</param>
    protected void Pass(TimeSpan time) => (Now, Uptime) = (Now + time, Uptime + time);

    /// <summary>Folds <paramref name="history"/> into the state.</summary>
    /// <param name="history">Oldest first; soft ones too.</param>
    protected void Given(params ReadOnlySpan<TEvent> history)
    {
        foreach (var happened in history)
        {
            Happen(happened, isSoft: !TBehavior.Json.Events.HasName(happened));
        }

        Settle();
    }

    /// <summary>Decides a command and applies what was decided.</summary>
    /// <typeparam name="TReply">What the command promises.</typeparam>
    /// <param name="command">The command.</param>
    protected (TReply Reply, Turned<TEvent> Turn) When<TReply>(ICommand<TReply> command)
    {
        var turned = Take((TCommand)command);
        return turned.Reply is TReply reply
            ? (reply, turned)
            : throw new InvalidOperationException($"Expected a {typeof(TReply).Name}, found {turned.Reply ?? "nothing"}.");
    }

    /// <summary>Decides a command that nobody waits for, and applies what was decided.</summary>
    /// <param name="command">A message, a timer's command or a sign of life.</param>
    protected Turned<TEvent> WhenTold(TCommand command) => Take(command);

    /// <summary>The state that comes of replaying every event so far from its form on disk.</summary>
    protected TState Folded()
    {
        var state = TBehavior.Initial(Self.Name);
        foreach (var (eventName, payload) in _journal)
        {
            state = TBehavior.Apply(state, (TEvent)TBehavior.Json.Events.Read(eventName, payload));
        }

        return state;
    }

    /// <summary>Decides; rows that are asked for are none.</summary>
    /// <param name="command">The command.</param>
    private protected virtual Decision<TEvent> Decide(TCommand command) =>
        TBehavior.Decide(State, command, Turn(null));

    /// <summary>What the behavior may know of the world.</summary>
    /// <param name="absent">Rows that do not exist.</param>
    private protected Turn Turn(IReadOnlySet<RowKey>? absent) => new(Now, Uptime, Generation) { Absent = absent };

    /// <summary>The turn is over and committed.</summary>
    /// <param name="touched">Rows that were changed.</param>
    private protected virtual void Committed(IReadOnlyCollection<RowKey> touched)
    {
        foreach (var key in touched)
        {
            ((IRowState)State).Forget(key);
        }
    }

    private Turned<TEvent> Take(TCommand command)
    {
        var decision = Decide(command);
        foreach (var happened in decision.Events)
        {
            Happen(happened, isSoft: false);
        }

        Settle();
        foreach (var happened in decision.SoftEvents)
        {
            Happen(happened, isSoft: true);
        }

        if (State is IRowState rows)
        {
            List<RowKey> touched = [];
            rows.TakeTouched(touched);
            Expect(touched.Count == 0, $"A soft event touched {string.Join(", ", touched)}: it would be written.");
        }

        return new(decision.Reply, decision.Events, decision.SoftEvents, decision.Messages, decision.Timers);
    }

    private void Happen(TEvent happened, bool isSoft)
    {
        Expect(
            TBehavior.Json.Events.HasName(happened) != isSoft,
            $"{happened.GetType().Name} is {(isSoft ? "soft but has" : "a fact but has no")} name on disk.");
        if (isSoft)
        {
            State = TBehavior.Apply(State, happened);
            return;
        }

        var written = TBehavior.Json.Events.Write(happened);
        _journal.Add(written);
        State = TBehavior.Apply(State, (TEvent)TBehavior.Json.Events.Read(written.Name, written.Payload));
    }

    private void Settle()
    {
        if (State is not IRowState rows)
        {
            return;
        }

        HashSet<RowKey> touched = [];
        rows.TakeTouched(touched);
        foreach (var key in touched)
        {
            if (rows.Project(key) is { } row)
            {
                Rows[key] = row;
            }
            else
            {
                Rows.Remove(key);
            }
        }

        if (ComparesEachTurn)
        {
            CompareRows(rows);
        }

        Committed(touched);
    }

    private void CompareRows(IRowState state)
    {
        foreach (var (key, row) in Rows)
        {
            Expect(
                state.Project(key) is not { } now || RowText.Of(now) == RowText.Of(row),
                $"{key} changed without being touched.");
        }
    }

    private protected static void Expect(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
