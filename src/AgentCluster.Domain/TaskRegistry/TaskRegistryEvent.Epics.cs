using System.Text.Json.Serialization;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.TaskRegistry;

/// <content>What happens to epics.</content>
[JsonDerivedType(typeof(EpicCreated), "epic-created.v1")]
[JsonDerivedType(typeof(EpicChanged), "epic-changed.v1")]
[JsonDerivedType(typeof(EpicStarted), "epic-started.v1")]
[JsonDerivedType(typeof(EpicEnded), "epic-ended.v1")]
[JsonDerivedType(typeof(EpicReopened), "epic-reopened.v1")]
[JsonDerivedType(typeof(EpicCancelled), "epic-cancelled.v1")]
[JsonDerivedType(typeof(EpicDeleted), "epic-deleted.v1")]
[JsonDerivedType(typeof(EpicBudgetExhausted), "epic-budget-exhausted.v1")]
public abstract partial record TaskRegistryEvent
{
    /// <summary>An epic was created.</summary>
    /// <param name="Epic">Its id.</param>
    /// <param name="Spec">What it is.</param>
    /// <param name="At">UTC.</param>
    public sealed record EpicCreated(EpicId Epic, EpicSpec Spec, DateTimeOffset At) : TaskRegistryEvent, IOfEpic;

    /// <summary>Somebody wrote an epic anew.</summary>
    /// <param name="Epic">The epic.</param>
    /// <param name="Spec">What it is from here on.</param>
    /// <param name="At">UTC.</param>
    public sealed record EpicChanged(EpicId Epic, EpicSpec Spec, DateTimeOffset At) : TaskRegistryEvent, IOfEpic;

    /// <summary>A task of an epic was claimed for the first time: it is active.</summary>
    /// <param name="Epic">The epic.</param>
    /// <param name="At">UTC.</param>
    public sealed record EpicStarted(EpicId Epic, DateTimeOffset At) : TaskRegistryEvent, IOfEpic;

    /// <summary>All tasks of an epic have ended.</summary>
    /// <param name="Epic">The epic.</param>
    /// <param name="Status">Failed when one of them has failed, else completed.</param>
    /// <param name="At">UTC.</param>
    public sealed record EpicEnded(EpicId Epic, EpicStatus Status, DateTimeOffset At) : TaskRegistryEvent, IOfEpic;

    /// <summary>An epic that was completed or failed has an open task again: it is active.</summary>
    /// <param name="Epic">The epic.</param>
    /// <param name="At">UTC.</param>
    public sealed record EpicReopened(EpicId Epic, DateTimeOffset At) : TaskRegistryEvent, IOfEpic;

    /// <summary>An epic was called off; the cancels of its open tasks are in this turn or follow.</summary>
    /// <param name="Epic">The epic.</param>
    /// <param name="At">UTC.</param>
    /// <param name="Reason">Null when nobody said.</param>
    public sealed record EpicCancelled(EpicId Epic, DateTimeOffset At, string? Reason = null) : TaskRegistryEvent, IOfEpic;

    /// <summary>An epic is gone from lists; the cancels of its open tasks are in this turn or follow.</summary>
    /// <param name="Epic">The epic.</param>
    /// <param name="At">UTC.</param>
    public sealed record EpicDeleted(EpicId Epic, DateTimeOffset At) : TaskRegistryEvent, IOfEpic;

    /// <summary>What was spent on an epic has reached its budget: nobody is granted a claim under it until the budget is raised. Told once each time that happens.</summary>
    /// <param name="Epic">The epic.</param>
    /// <param name="Budget">The bound.</param>
    /// <param name="Cost">What was spent.</param>
    /// <param name="At">UTC.</param>
    public sealed record EpicBudgetExhausted(EpicId Epic, Budget Budget, Cost Cost, DateTimeOffset At) : TaskRegistryEvent, IOfEpic;
}
