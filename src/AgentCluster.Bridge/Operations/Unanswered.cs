using System.Diagnostics.CodeAnalysis;
using AgentCluster.Actors;
using AgentCluster.Bridge.Problems;

namespace AgentCluster.Bridge.Operations;

/// <summary>Says in the outside contract's words what became of a command that was not answered (P7).</summary>
internal static class Unanswered
{
    private const int SoonSeconds = 1;
    private const int LaterSeconds = 5;

    /// <summary>The refusal for an exception that the contract foresees.</summary>
    /// <param name="thrown">By an operation.</param>
    /// <param name="problem">The refusal.</param>
    /// <returns>False for a bug.</returns>
    public static bool TryMap(Exception thrown, [NotNullWhen(true)] out Problem? problem)
    {
        problem = thrown switch
        {
            ActorUnavailableException { Why: Unavailable.Overloaded } refused =>
                NotDone(ProblemKind.Overloaded, refused.Detail, SoonSeconds),
            ActorUnavailableException { Why: Unavailable.StorageFull } refused =>
                NotDone(ProblemKind.StorageFull, refused.Detail, LaterSeconds),
            ActorUnavailableException { Why: Unavailable.Quarantined or Unavailable.Faulted } refused =>
                NotDone(ProblemKind.Unavailable, refused.Detail, LaterSeconds),
            ActorUnavailableException refused => NotDone(ProblemKind.Unavailable, refused.Detail, SoonSeconds),
            StoreUnavailableException => NotDone(ProblemKind.Unavailable, "The store does not answer reads now.", SoonSeconds),
            OutcomeUnknownException => new(
                ProblemKind.OutcomeUnknown,
                "The write was sent to the store and its answer is not known yet.",
                ("outcome", "unknown"))
            { RetryAfterSeconds = SoonSeconds },
            CommandIdMismatchException => new(
                ProblemKind.IdempotencyMismatch,
                "The Idempotency-Key was used within the last 24 hours for a request with another method, path or body."),
            _ => null,
        };
        return problem is not null;
    }

    /// <summary>Certainly not done; sending it again is safe.</summary>
    /// <param name="kind">Which sort.</param>
    /// <param name="detail">What was expected, what was found.</param>
    /// <param name="retryAfter">In seconds.</param>
    public static Problem NotDone(ProblemKind kind, string detail, int retryAfter) =>
        new(kind, detail, ("outcome", "not_done")) { RetryAfterSeconds = retryAfter };
}
