using System.Collections.Immutable;

namespace AgentCluster.Actors;

/// <summary>
/// What an actor decided: the facts to write, what others are told, timers, and the reply that is heard once all of it
/// is durable. Built in one expression, read once by the runtime.
/// </summary>
/// <typeparam name="TEvent">The actor's event type.</typeparam>
public sealed class Decision<TEvent>
    where TEvent : class
{
    private static readonly Decision<TEvent> Nothing = new(null, []);

    private Decision(object? reply, ImmutableArray<TEvent> events)
    {
        Reply = reply;
        Events = events;
    }

    /// <summary>The answer to the command; null when it is one that nobody waits for.</summary>
    public object? Reply { get; }

    /// <summary>Facts to append, oldest first. Empty when the command only reads, or is refused.</summary>
    public ImmutableArray<TEvent> Events { get; }

    /// <summary>Facts that are applied but never written: lost on drop, recovery and hand-off (renewals, last-seen).</summary>
    public ImmutableArray<TEvent> SoftEvents { get; private init; } = [];

    /// <summary>What other actors are told, in this commit; delivered once in effect, in order per receiver.</summary>
    public ImmutableArray<Message> Messages { get; private init; } = [];

    /// <summary>Timers to set and to cancel.</summary>
    public ImmutableArray<TimerChange> Timers { get; private init; } = [];

    /// <summary>Rows that must be loaded before this can be decided. When not empty, nothing else is.</summary>
    public ImmutableArray<RowKey> Missing { get; private init; } = [];

    /// <summary>Answers <paramref name="command"/>. A reply of another type does not compile.</summary>
    /// <typeparam name="TReply">The reply type the command promises.</typeparam>
    /// <param name="command">The command being decided.</param>
    /// <param name="reply">Sent only after every event is durable.</param>
    /// <param name="events">Facts to append, oldest first.</param>
    public static Decision<TEvent> Answer<TReply>(
        ICommand<TReply> command, TReply reply, params ReadOnlySpan<TEvent> events)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(reply);
        return new(reply, [.. events]);
    }

    /// <summary>Takes note of a command that nobody waits for: a message, or a timer.</summary>
    /// <param name="events">Facts to append, oldest first.</param>
    public static Decision<TEvent> Note(params ReadOnlySpan<TEvent> events) => events.IsEmpty ? Nothing : new(null, [.. events]);

    /// <summary>
    /// Says that rows are needed that are not in memory. The runtime loads them and asks again; a row that does not
    /// exist is then in <see cref="Turn.Absent"/>.
    /// </summary>
    /// <param name="rows">At least one.</param>
    public static Decision<TEvent> Needs(params ReadOnlySpan<RowKey> rows) => new(null, []) { Missing = [.. rows] };

    /// <summary>Adds facts that follow from those decided, in the same commit.</summary>
    /// <param name="events">Applied after <see cref="Events"/>.</param>
    public Decision<TEvent> Also(params ReadOnlySpan<TEvent> events) =>
        new(Reply, [.. Events, .. events]) { SoftEvents = SoftEvents, Messages = Messages, Timers = Timers };

    /// <summary>Adds facts that are applied but never written.</summary>
    /// <param name="soft">Applied after <see cref="Events"/>.</param>
    public Decision<TEvent> Softly(params ReadOnlySpan<TEvent> soft) =>
        new(Reply, Events) { SoftEvents = [.. SoftEvents, .. soft], Messages = Messages, Timers = Timers };

    /// <summary>Tells other actors, in this commit.</summary>
    /// <param name="messages">In the order they must arrive.</param>
    public Decision<TEvent> Tell(params ReadOnlySpan<Message> messages) =>
        new(Reply, Events) { SoftEvents = SoftEvents, Messages = [.. Messages, .. messages], Timers = Timers };

    /// <summary>Sets or cancels timers.</summary>
    /// <param name="timers">Applied in this order.</param>
    public Decision<TEvent> With(params ReadOnlySpan<TimerChange> timers) =>
        new(Reply, Events) { SoftEvents = SoftEvents, Messages = Messages, Timers = [.. Timers, .. timers] };
}

/// <summary>What one actor tells another. It is written in the sender's commit and kept until the receiver has committed its effect.</summary>
/// <param name="To">The receiver.</param>
/// <param name="Command">One of the receiver's commands that has a name on disk.</param>
public sealed record Message(ActorId To, ICommand Command);

/// <summary>Names a timer within its actor. Setting a name again replaces the timer.</summary>
/// <param name="Kind">For example <c>lease</c>; no slash.</param>
/// <param name="Subject">What it is about, for example a task's id; may be empty.</param>
public readonly record struct TimerKey(string Kind, string Subject)
{
    /// <summary>As stored: <c>kind/subject</c>.</summary>
    public override string ToString() => $"{Kind}/{Subject}";
}

/// <summary>A change of one timer.</summary>
/// <param name="Key">Which timer.</param>
public abstract record TimerChange(TimerKey Key)
{
    /// <summary>
    /// Sets a timer that is implied by what is stored anyway (a lease). It lives in memory on the monotonic clock, is
    /// set anew by <see cref="IBehavior{TState,TCommand,TEvent}.Timers"/> after a recovery, and starts again in full
    /// when it would fire more than 5 seconds late, because then the process was stopped.
    /// </summary>
    /// <param name="Key">Which timer.</param>
    /// <param name="After">How long from this turn; greater than zero.</param>
    /// <param name="Command">Decided when the timer fires.</param>
    public sealed record Arm(TimerKey Key, TimeSpan After, ICommand Command) : TimerChange(Key);

    /// <summary>Sets a durable timer: it fires after its time, once in effect, also when the node died meanwhile. Nothing exclusive may hang on it.</summary>
    /// <param name="Key">Which timer.</param>
    /// <param name="Due">UTC; read once at recovery and waited out on the monotonic clock.</param>
    /// <param name="Command">Decided when the timer fires; has a name on disk.</param>
    public sealed record Set(TimerKey Key, DateTimeOffset Due, ICommand Command) : TimerChange(Key);

    /// <summary>Cancels the timer of this name, of either sort.</summary>
    /// <param name="Key">Which timer.</param>
    public sealed record Cancel(TimerKey Key) : TimerChange(Key);
}
