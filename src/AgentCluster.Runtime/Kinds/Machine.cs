using System.Collections.Immutable;
using AgentCluster.Actors;
using AgentCluster.Runtime.Asks;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Runtime.Kinds;

/// <summary>
/// A behavior and one state of it, behind types that the runtime can handle. A turn is three calls: <see cref="Decide(ICommand,in Turn)"/>,
/// which changes nothing; <see cref="Write"/>, which may still fail without harm; <see cref="Apply"/>, after which there
/// is no way back but to drop the actor.
/// </summary>
internal abstract class Machine
{
    /// <summary>What the last <see cref="Decide(ICommand,in Turn)"/> answered; null when nobody waits.</summary>
    public object? Reply { get; protected set; }

    public ImmutableArray<Message> Messages { get; protected set; }

    public ImmutableArray<TimerChange> TimerChanges { get; protected set; }

    /// <summary>Rows that must be loaded before the command can be decided.</summary>
    public ImmutableArray<RowKey> Missing { get; protected set; }

    /// <summary>How many facts the last decision appends.</summary>
    public int Events { get; protected set; }

    public bool HasSoftEvents { get; protected set; }

    /// <summary>Whether the state is kept in a snapshot.</summary>
    public virtual bool HasSnapshot => false;

    /// <summary>Decides what came in an envelope. A behavior learns no more of it than the command; a test's stand-in also who sent it.</summary>
    public virtual void Decide(Envelope envelope, in Turn turn) => Decide(envelope.Command, turn);

    public abstract void Decide(ICommand command, in Turn turn);

    /// <summary>Encodes the decided facts into <paramref name="into"/>.</summary>
    public abstract void Write(ActorId actor, DateTimeOffset at, List<EventWrite> into);

    /// <summary>Applies the decided facts and collects the rows they touch; then the soft ones, whose rows are not written.</summary>
    public abstract void Apply(ICollection<RowKey> touched);

    /// <summary>The last decision is dealt with: nothing of it stays on the heap while the actor rests.</summary>
    public virtual void LetGo()
    {
        Reply = null;
        (Messages, TimerChanges, Missing) = ([], [], []);
    }

    public abstract IEnumerable<TimerChange> Timers(int generation);

    public virtual Row? Project(RowKey key) => throw new InvariantViolatedException($"{key} has no row.");

    public virtual IReadOnlyList<RowQuery> Open => [];

    public virtual void Load(IReadOnlyList<Row> rows)
    {
    }

    public virtual void Forget(RowKey key)
    {
    }

    public virtual void Replay(string name, ReadOnlySpan<byte> payload) =>
        throw new InvariantViolatedException("This kind recovers from its rows.");

    public virtual byte[] Snapshot() => throw new InvariantViolatedException("This kind has no snapshot.");

    public virtual void Restore(ReadOnlySpan<byte> snapshot) =>
        throw new InvariantViolatedException("This kind has no snapshot.");
}
