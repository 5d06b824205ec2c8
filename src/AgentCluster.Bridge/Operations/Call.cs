using AgentCluster.Actors;

namespace AgentCluster.Bridge.Operations;

/// <summary>Who calls, about what, and how a repeat of the call is recognised.</summary>
/// <param name="Subject">The first variable of the path, of the form that its route says; empty where the path has none.</param>
/// <param name="Other">The second one; empty where the path has none.</param>
/// <param name="Caller">The agent whose handle came along and was right; null under local trust.</param>
/// <param name="Key">The Idempotency-Key; null when none was sent.</param>
/// <param name="Payload">A hash of all that was asked; zero without a key.</param>
/// <param name="Gone">Signalled when nobody waits for the answer any more. For reads; what was asked of an actor happens anyway.</param>
internal readonly record struct Call(
    string Subject, string Other, string? Caller, string? Key, UInt128 Payload, CancellationToken Gone)
{
    /// <summary>The command id of this call.</summary>
    /// <param name="agent">The agent that the request names; null when it names none.</param>
    public CommandId? Id(string? agent) => Key is null ? null : new(Caller ?? agent ?? "local", Key, Payload);

    /// <summary>Whether a handle came along that belongs to another agent.</summary>
    /// <param name="agent">The agent that the request names.</param>
    public bool IsSomebodyElseThan(string agent) => Caller is not null && Caller != agent;
}
