using AgentCluster.Actors;
using AgentCluster.Bridge.Guards;
using AgentCluster.Domain.Keys;

namespace AgentCluster.Bridge.Operations;

/// <summary>Who calls, about what, and how a repeat of the call is recognised.</summary>
/// <param name="Subject">The first variable of the path, of the form that its route says; empty where the path has none.</param>
/// <param name="Other">The second one; empty where the path has none.</param>
/// <param name="Who">Who calls.</param>
/// <param name="Key">The Idempotency-Key; null when none was sent.</param>
/// <param name="Payload">A hash of all that was asked; zero without a key.</param>
/// <param name="IfMatch">The version that the caller has seen and no other; null when any will do. For operations that may refuse with <c>version_mismatch</c>.</param>
/// <param name="Request">The id of the request, for the audit.</param>
/// <param name="Gone">Signalled when nobody waits for the answer any more. For reads; what was asked of an actor happens anyway.</param>
internal readonly record struct Call(
    string Subject, string Other, Principal Who, string? Key, UInt128 Payload, long? IfMatch, RequestId Request, CancellationToken Gone)
{
    /// <summary>The only agent that the caller may act as; null when it may act as any.</summary>
    public string? Caller => Who.Agent;

    /// <summary>Who does it, for the audit.</summary>
    public Author Author => new(Who.Name, Request.ToString());

    /// <summary>The command id of this call.</summary>
    /// <param name="agent">The agent that the request names; null when it names none.</param>
    public CommandId? Id(string? agent) => Key is null ? null : new(Who == Principal.Local ? agent ?? "local" : Who.Commands, Key, Payload);

    /// <summary>Whether the caller may act as one agent only, and that is another one.</summary>
    /// <param name="agent">The agent that the request names.</param>
    public bool IsSomebodyElseThan(string agent) => Caller is not null && Caller != agent;
}
