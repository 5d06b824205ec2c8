namespace AgentCluster.Actors;

/// <summary>
/// What one kind of actor does, as two pure functions. The runtime owns everything else: the
/// mailbox, the journal, the clock, the rows and the reply.
/// </summary>
/// <remarks>
/// The members are static on purpose: a behavior has no instance, so nothing can be injected into
/// it: no connection, no cache, no clock. The same inputs always give the same decision.
/// (The shape is Pekko's <c>EventSourcedBehavior</c>.)
/// </remarks>
/// <typeparam name="TState">May be mutable inside <see cref="Apply"/>: there is no rollback, only drop and recover.</typeparam>
/// <typeparam name="TCommand">Closed set of commands; those that are answered also implement <see cref="ICommand{TReply}"/>.</typeparam>
/// <typeparam name="TEvent">Closed set of facts, written to the journal in the order decided.</typeparam>
public interface IBehavior<TState, TCommand, TEvent>
    where TState : class
    where TCommand : class, ICommand
    where TEvent : class
{
    /// <summary>The first half of every address of this kind. Never changed: it is on disk.</summary>
    static abstract string Kind { get; }

    /// <summary>How commands, events, replies and snapshots are written. Names on disk are versioned and kept.</summary>
    static abstract ActorJson Json { get; }

    /// <summary>
    /// The rows whose owners must be awake whenever their shard has an owner (a running claim, an online presence), or
    /// null when only timers and undelivered messages wake this kind.
    /// </summary>
    static abstract RowQuery? Awake { get; }

    /// <summary>The state of an actor that has no events yet.</summary>
    /// <param name="name">The actor's name.</param>
    static abstract TState Initial(string name);

    /// <summary>Answers <paramref name="command"/> from <paramref name="state"/>; changes nothing.</summary>
    /// <param name="state">The state after every event so far.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="turn">What may be known of the world.</param>
    static abstract Decision<TEvent> Decide(TState state, TCommand command, in Turn turn);

    /// <summary>Returns the state after <paramref name="happened"/>. Never refuses: the event already happened.</summary>
    /// <param name="state">The state before the event.</param>
    /// <param name="happened">A fact read from the journal, or just decided (soft facts too).</param>
    static abstract TState Apply(TState state, TEvent happened);

    /// <summary>
    /// What an event is about besides its actor, for those who follow: a line each, like <c>task:ID</c>. The first one is the
    /// event's own. Written beside the event, so that it is known without the state of then.
    /// </summary>
    /// <param name="state">The state before the decision that the event is part of.</param>
    /// <param name="happened">A fact just decided.</param>
    static virtual string Channels(TState state, TEvent happened) => "";

    /// <summary>
    /// The implied timers that a recovered state needs. Each starts anew in full: after a fail-over things end late,
    /// never early.
    /// </summary>
    /// <param name="state">As recovered.</param>
    static abstract IEnumerable<TimerChange> Timers(TState state);

    /// <summary>
    /// Implied timers that take the place of those of <see cref="Timers"/> when the store was restored: for what the state
    /// still holds of an earlier generation. They may be due at once, since nothing of a lost past is promised.
    /// </summary>
    /// <param name="state">As recovered.</param>
    /// <param name="generation">The one that the actor lives in.</param>
    static virtual IEnumerable<TimerChange> Superseded(TState state, int generation) => [];
}

/// <summary>
/// A behavior that recovers from its rows instead of its events, so that memory and recovery time follow what is open,
/// not what has been.
/// </summary>
/// <inheritdoc cref="IBehavior{TState,TCommand,TEvent}"/>
public interface IRowBehavior<TState, TCommand, TEvent> : IBehavior<TState, TCommand, TEvent>
    where TState : class, IRowState
    where TCommand : class, ICommand
    where TEvent : class
{
    /// <summary>The rows that make up the state in memory. Conditions on the owner are added by the runtime.</summary>
    /// <param name="name">The actor's name.</param>
    static abstract IReadOnlyList<RowQuery> Open(string name);

    /// <summary>
    /// Puts rows into the state: at recovery all open ones, later those that a decision needed. A row that is in memory
    /// already is left alone: memory is newer than what was read.
    /// </summary>
    /// <param name="state">The state so far.</param>
    /// <param name="rows">As stored, each once.</param>
    static abstract TState Load(TState state, IReadOnlyList<Row> rows);

    /// <summary>
    /// Forgets a row that is not open any more. Called when no batch in flight touches it; does nothing when the
    /// row is open.
    /// </summary>
    /// <param name="state">The state so far.</param>
    /// <param name="key">The row.</param>
    static abstract TState Forget(TState state, RowKey key);
}

/// <summary>A state that lists are read from: it says which rows its last events changed, and what they are now.</summary>
public interface IRowState
{
    /// <summary>Moves the keys of rows that <c>Apply</c> changed since the last call into <paramref name="into"/>.</summary>
    /// <param name="into">May already hold keys.</param>
    void TakeTouched(ICollection<RowKey> into);

    /// <summary>The row as it is now, or null when it is gone.</summary>
    /// <param name="key">A key that was touched.</param>
    Row? Project(RowKey key);

    /// <summary>
    /// The row is stored, and no batch in flight touches it: what is kept only to project it may go. For a state that replays
    /// its events; one that recovers from rows has <see cref="IRowBehavior{TState,TCommand,TEvent}.Forget"/>.
    /// </summary>
    /// <param name="key">A key that was touched.</param>
    void Forget(RowKey key)
    {
    }
}
