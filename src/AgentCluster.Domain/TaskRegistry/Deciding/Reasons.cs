using System.Globalization;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.TaskRegistry.Epics;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.TaskRegistry.Deciding;

/// <summary>Why a task is not ready, or not for an agent.</summary>
internal static class Reasons
{
    /// <summary>Why nobody could claim the task now; empty when somebody could.</summary>
    public static IEnumerable<Reason> NotReady(TaskEntry task) => task.Facts.Status switch
    {
        WorkStatus.Running => [Held(task)],
        WorkStatus.InputRequired when task.Facts.Claim is not null => [Held(task), Parked],
        WorkStatus.InputRequired => [Parked],
        WorkStatus.Pending => NotReady(task.Facts),
        var ended => [new(ReasonCode.Finished, $"It is {ended.Word()}.")],
    };

    /// <summary>Why a pending task's epic keeps everybody from claiming it; empty when it does not.</summary>
    public static IEnumerable<Reason> OfEpic(TaskRegistryState state, TaskFacts facts) =>
        facts.Status != WorkStatus.Pending || state.EpicOf(facts) is not { Facts: { IsPaused: true } epic } ? []
        : epic.IsClosed ? [new(ReasonCode.Finished, $"Its epic {epic.Id} is {epic.Status.Word()}.")]
        : [new(ReasonCode.BudgetExhausted, $"Its epic {epic.Id} has spent its budget ({Spent(epic)}); a larger budget lets it go on.")];

    private static Reason Parked { get; } = new(ReasonCode.Parked, "It waits for a human's answer.");

    private static IEnumerable<Reason> NotReady(TaskFacts facts) =>
        facts.IsBlocked ? facts.DependsOn.Where(each => each.Gates).Select(Gate) : [];

    private static Reason Held(TaskEntry task)
    {
        var claim = task.Facts.Claim!.View(task.RenewedAt, task.Facts.IsPaused);
        return claim.IsPaused
            ? new(ReasonCode.Claimed, $"{claim.Agent} holds it; its lease is paused.", Holder: claim.Agent)
            : new(
                ReasonCode.Claimed,
                $"{claim.Agent} holds it until {claim.LeaseExpiresAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}, or longer with a sign of life.",
                Holder: claim.Agent,
                LeaseExpiresAt: claim.LeaseExpiresAt);
    }

    /// <summary>Why this agent could not claim the task even if it is ready.</summary>
    /// <param name="state">The registry.</param>
    /// <param name="facts">The task.</param>
    /// <param name="by">The agent.</param>
    /// <param name="released">How many of its claims end in the same turn.</param>
    public static IEnumerable<Reason> NotFor(TaskRegistryState state, TaskFacts facts, Claimant by, int released)
    {
        if (Missing(facts, by) is { Count: > 0 } missing)
        {
            yield return new(
                ReasonCode.MissingCapability,
                $"{by.Agent} lacks {string.Join(", ", missing)}.",
                Missing: missing.ToValueList());
        }

        if (AtCapacity(state, by, released) is { } reason)
        {
            yield return reason;
        }
    }

    /// <summary>Says that as many tasks of the project are held as may be; null when there are fewer.</summary>
    public static Reason? OfPolicy(TaskRegistryState state, int released) =>
        state.Wip is { } most && state.Holders.Count - released >= most
            ? new(ReasonCode.Policy, $"{state.Holders.Count} tasks of the project '{state.Name}' are held; at most {most} may be at a time.")
            : null;

    /// <summary>Says that nothing more is handed out in the project, or not to this agent, who holds as many claims as it may; null when neither is so.</summary>
    public static Reason? AtCapacity(TaskRegistryState state, Claimant by, int released) =>
        OfPolicy(state, released) ?? OwnCapacity(state, by, released);

    private static Reason? OwnCapacity(TaskRegistryState state, Claimant by, int released) =>
        by.Profile is { } profile && state.Holders.Of(by.Agent).Count - released >= profile.MaxConcurrent
            ? new(
                ReasonCode.MaxConcurrent,
                $"{by.Agent} holds {state.Holders.Of(by.Agent).Count} claims in project '{state.Name}' and may hold {profile.MaxConcurrent}.")
            : null;

    /// <summary>The capabilities that the task requires and the agent lacks.</summary>
    public static IReadOnlyList<string> Missing(TaskFacts facts, Claimant by)
    {
        if (facts.Spec.RequiredCapabilities.IsEmpty)
        {
            return [];
        }

        var has = CapabilitiesOf(by);
        return [.. facts.Spec.RequiredCapabilities.Where(required => !has.AsSpan().Contains(required))];
    }

    /// <summary>What an agent can do: as it says for this claim, else as registered, else nothing.</summary>
    public static ValueList<string> CapabilitiesOf(Claimant by) => by.Capabilities ?? by.Profile?.Capabilities ?? [];

    private static string Spent(EpicFacts epic) => string.Join(", ", new[]
    {
        epic.Spec.Budget!.Tokens is { } tokens
            ? string.Create(CultureInfo.InvariantCulture, $"{epic.Cost.ActualTokens} of {tokens} tokens")
            : null,
        epic.Spec.Budget.Usd is { } usd
            ? string.Create(CultureInfo.InvariantCulture, $"{epic.Cost.ActualUsd} of {usd} US dollars")
            : null,
    }.OfType<string>());

    private static Reason Gate(Dependency dependency) => dependency.State switch
    {
        DependencyState.Failed => new(
            ReasonCode.DependencyFailed, $"{dependency.On} has failed, so this never becomes ready.", dependency.On),
        DependencyState.Cancelled => new(
            ReasonCode.DependencyCancelled, $"{dependency.On} was cancelled, so this never becomes ready.", dependency.On),
        _ => new(ReasonCode.DependencyOpen, $"{dependency.On} is not completed.", dependency.On),
    };
}
