using System.Text.Json.Serialization;
using AgentCluster.Actors;
using AgentCluster.Domain.Epics;

namespace AgentCluster.Domain.TaskRegistry;

/// <content>What can be asked about epics.</content>
[JsonDerivedType(typeof(SweepEpics), "sweep-epics.v1")]
[JsonDerivedType(typeof(CreateEpic), "create-epic.v1")]
[JsonDerivedType(typeof(ChangeEpic), "change-epic.v1")]
[JsonDerivedType(typeof(CancelEpic), "cancel-epic.v1")]
[JsonDerivedType(typeof(DeleteEpic), "delete-epic.v1")]
[JsonDerivedType(typeof(DeleteEpics), "delete-epics.v1")]
[JsonDerivedType(typeof(ReadEpic), "read-epic.v1")]
public abstract partial record TaskRegistryCommand
{
    /// <summary>Creates an epic.</summary>
    /// <param name="Epic">A new ULID, minted by the caller.</param>
    /// <param name="Spec">Checked with <see cref="EpicSpec.Validate"/>.</param>
    public sealed record CreateEpic(EpicId Epic, EpicSpec Spec) : TaskRegistryCommand, ICommand<EpicReply>;

    /// <summary>Changes what people wrote about an epic, also one that has ended; not one that is deleted. A larger budget lets its tasks be claimed again.</summary>
    /// <param name="Epic">The epic.</param>
    /// <param name="Patch">Checked with <see cref="EpicPatch.Validate"/>.</param>
    /// <param name="Version">Only if it is at this version; null: at any.</param>
    public sealed record ChangeEpic(EpicId Epic, EpicPatch Patch, long? Version = null) : TaskRegistryCommand, ICommand<EpicReply>;

    /// <summary>
    /// Calls an epic off, with its open tasks and the claims on them. From this turn on nobody is granted a claim under it;
    /// the tasks are cancelled in slices, the first one in this turn. Repeating it changes nothing; an epic that has ended is refused.
    /// </summary>
    /// <param name="Epic">The epic.</param>
    /// <param name="Reason">At most 4,000 characters.</param>
    /// <param name="Version">Only if it is at this version; null: at any.</param>
    public sealed record CancelEpic(EpicId Epic, string? Reason = null, long? Version = null) : TaskRegistryCommand, ICommand<EpicReply>;

    /// <summary>
    /// Takes an epic out of lists. Its open tasks are cancelled as by <see cref="CancelEpic"/>, so that nothing runs on that
    /// nobody sees; tasks that have ended stay as they are, since others may depend on them. Repeating it changes nothing.
    /// </summary>
    /// <param name="Epic">The epic.</param>
    /// <param name="Version">Only if it is at this version; null: at any.</param>
    public sealed record DeleteEpic(EpicId Epic, long? Version = null) : TaskRegistryCommand, ICommand<EpicReply>;

    /// <summary>Deletes many epics, each as <see cref="DeleteEpic"/> does.</summary>
    /// <param name="Epics">1 to 1,000, distinct.</param>
    public sealed record DeleteEpics(ValueList<EpicId> Epics) : TaskRegistryCommand, ICommand<EpicsReply>;

    /// <summary>Reads one epic, with the numbers of its tasks as they are in memory.</summary>
    /// <param name="Epic">The epic.</param>
    public sealed record ReadEpic(EpicId Epic) : TaskRegistryCommand, ICommand<EpicReply>, IReading;

    /// <summary>Cancels the next tasks of epics that are cancelled or deleted. The registry sends it to itself until none is open.</summary>
    public sealed record SweepEpics : TaskRegistryCommand;
}
