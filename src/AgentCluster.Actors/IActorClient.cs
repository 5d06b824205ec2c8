namespace AgentCluster.Actors;

/// <summary>Sends commands to actors, wherever they live.</summary>
public interface IActorClient
{
    /// <summary>Sends <paramref name="command"/> at most once and waits for its reply.</summary>
    /// <typeparam name="TReply">What the command promises.</typeparam>
    /// <param name="actor">Who should decide.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="id">Makes the command take effect once, however often it is sent; null for a command without one.</param>
    /// <param name="cancellationToken">Stops the waiting. The command may still take effect.</param>
    /// <exception cref="ActorUnavailableException">Certainly not done; sending it again is safe.</exception>
    /// <exception cref="OutcomeUnknownException">It may or may not have taken effect; send it again with the same id.</exception>
    /// <exception cref="CommandIdMismatchException">The id was used before with another payload.</exception>
    ValueTask<TReply> AskAsync<TReply>(
        ActorId actor, ICommand<TReply> command, CommandId? id, CancellationToken cancellationToken);

    /// <summary>Tells an actor something that may be lost: a sign of life. Never waits, never fails.</summary>
    /// <param name="actor">Who is told.</param>
    /// <param name="command">Leads to soft events at most.</param>
    void Tell(ActorId actor, ICommand command);
}

/// <summary>Names one command of one caller, so that a repeat is recognised for at least 24 hours (P4).</summary>
/// <param name="Principal">Who sends it: the authenticated name, the named agent under local trust, else <c>local</c>.</param>
/// <param name="Key">Chosen by the caller (<c>Idempotency-Key</c>); 1 to 255 printable ASCII characters.</param>
/// <param name="Payload">A hash of all that was asked; another payload under the same key is refused.</param>
public readonly record struct CommandId(string Principal, string Key, UInt128 Payload);

/// <summary>Why a command was certainly not done.</summary>
public enum Unavailable
{
    /// <summary>A bound was reached: mailbox, outbox, node. Slow down.</summary>
    Overloaded,

    /// <summary>The actor, its shard or the store is not ready: starting, draining, recovering, lost.</summary>
    NotReady,

    /// <summary>The command's turn was part of a write that failed.</summary>
    NotDone,

    /// <summary>The store's disk is full.</summary>
    StorageFull,

    /// <summary>The actor failed too often and waits for an operator.</summary>
    Quarantined,

    /// <summary>The program met a bug while deciding; nothing was changed.</summary>
    Faulted,
}

/// <summary>The command was certainly not done; sending it again is safe.</summary>
/// <param name="actor">Who was asked.</param>
/// <param name="why">The kind of reason.</param>
/// <param name="detail">What was expected, what was found.</param>
public sealed class ActorUnavailableException(ActorId actor, Unavailable why, string detail)
    : Exception($"{actor} did not take the command: {detail}")
{
    /// <summary>Who was asked.</summary>
    public ActorId Actor { get; } = actor;

    /// <summary>The kind of reason.</summary>
    public Unavailable Why { get; } = why;

    /// <summary>What was expected, what was found.</summary>
    public string Detail { get; } = detail;

    /// <summary>The address of the node that has the actor, where that is known to be another; else null.</summary>
    public string? Elsewhere { get; init; }
}

/// <summary>Nobody knows yet whether the command took effect. Send it again with the same command id, or look.</summary>
/// <param name="actor">Who was asked.</param>
/// <param name="detail">What was waited for.</param>
public sealed class OutcomeUnknownException(ActorId actor, string detail)
    : Exception($"The outcome of a command to {actor} is unknown: {detail}")
{
    /// <summary>Who was asked.</summary>
    public ActorId Actor { get; } = actor;
}

/// <summary>The command id was used before with another payload. Nothing was done.</summary>
/// <param name="actor">Who was asked.</param>
/// <param name="key">The key.</param>
public sealed class CommandIdMismatchException(ActorId actor, string key)
    : Exception($"Key '{key}' was used before for another command to {actor}.")
{
    /// <summary>Who was asked.</summary>
    public ActorId Actor { get; } = actor;
}
