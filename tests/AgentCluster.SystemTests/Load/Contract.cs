using System.Net;
using AgentCluster.SystemTests.Histories;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Load;

/// <summary>What each call may answer, and what an answer means.</summary>
internal static class Contract
{
    private static readonly Dictionary<Verb, string[]> Allowed = new()
    {
        [Verb.Create] = ["201 "],
        [Verb.Claim] = ["200 ", "204 ", "409 already_claimed", "409 not_ready"],
        [Verb.Progress] = ["200 ", "409 claim_superseded"],
        [Verb.Complete] = ["200 ", "409 claim_superseded", "409 invalid_transition"],
        [Verb.CompleteAndClaim] = ["200 ", "409 claim_superseded", "409 invalid_transition"],
        [Verb.Release] = ["200 ", "409 claim_superseded", "409 invalid_transition"],
        [Verb.Fail] = ["200 ", "409 claim_superseded", "409 invalid_transition"],
    };

    private static readonly string[] NotNow = ["429 overloaded", "503 overloaded", "503 unavailable", "503 outcome_unknown", "507 storage_full"];

    /// <summary>What is wrong with an answer; null when the contract allows it.</summary>
    public static string? Violation(Verb verb, Answer answer)
    {
        var said = $"{(int)answer.Status} {answer.Code}";
        var isAllowed = Allowed[verb].Contains(said) || (NotNow.Contains(said) && (answer.RetryAfter || answer.Code == "outcome_unknown"));
        return isAllowed ? null : $"{verb} answered {answer}";
    }

    public static Outcome Meaning(Answer answer) => answer.Status switch
    {
        HttpStatusCode.NoContent => Outcome.Refused,
        < HttpStatusCode.MultipleChoices => Outcome.Done,
        HttpStatusCode.TooManyRequests or HttpStatusCode.InsufficientStorage => Outcome.NotDone,
        HttpStatusCode.ServiceUnavailable => answer.Code == "outcome_unknown" ? Outcome.Unknown : Outcome.NotDone,
        _ => Outcome.Refused,
    };
}
