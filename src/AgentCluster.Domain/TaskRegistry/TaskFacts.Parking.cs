using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Domain.TaskRegistry;

/// <content>Waiting for a human or for a reviewer: the claim is kept, and its lease does not run.</content>
internal sealed partial record TaskFacts
{
    public Inquiry? Inquiry { get; init; }

    public Review? Review { get; init; }

    /// <summary>What a completion is held against; null for nothing.</summary>
    public Checks? Checks { get; init; }

    public bool IsInReview => Review is { State: ReviewState.Pending };

    /// <summary>Whether the claim's lease waits; without a claim it says nothing.</summary>
    public bool IsPaused => Status == WorkStatus.InputRequired || IsInReview;

    public TaskFacts After(InputRequired e) => Changed(e.At) with
    {
        Status = WorkStatus.InputRequired,
        Claim = Claim! with { RenewedAt = e.At },
        Inquiry = new(e.Question, e.At),
    };

    public TaskFacts After(InputAnswered e) => Changed(e.At) with
    {
        Status = Claim is null ? WorkStatus.Pending : WorkStatus.Running,
        Claim = Claim is null ? null : Claim with { RenewedAt = e.At },
        Inquiry = (Inquiry ?? new Inquiry()) with { Answer = e.Answer, AnsweredAt = e.At, AnsweredBy = e.By },
    };

    public TaskFacts After(CompletionSubmitted e) => Changed(e.At) with
    {
        Claim = Claim! with { RenewedAt = e.At },
        Review = new(e.Reviewer, ReviewState.Pending, e.At, Submitted: e.Outcome),
    };

    public TaskFacts After(CompletionReturned e) => Changed(e.At) with
    {
        Claim = Claim! with { RenewedAt = e.At },
        Review = new(e.Reviewer, ReviewState.Returned, e.At, e.Reasons),
    };

    /// <summary>A claim that ended takes what it had handed in with it; what a reviewer said stays for the next one.</summary>
    private Review? DecidedReview => IsInReview ? null : Review;
}
