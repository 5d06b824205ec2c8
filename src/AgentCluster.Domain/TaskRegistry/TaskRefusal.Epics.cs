using System.Text.Json.Serialization;
using AgentCluster.Domain.Epics;

namespace AgentCluster.Domain.TaskRegistry;

/// <content>Refusals about epics.</content>
[JsonDerivedType(typeof(EpicNotFound), "epic_not_found")]
[JsonDerivedType(typeof(EpicTransition), "epic_invalid_transition")]
[JsonDerivedType(typeof(VersionMismatch), "version_mismatch")]
public abstract partial record TaskRefusal
{
    /// <summary>The registry has no such epic.</summary>
    /// <param name="Epic">The epic asked for.</param>
    public sealed record EpicNotFound(EpicId Epic) : TaskRefusal;

    /// <summary>The epic is not where this could be done.</summary>
    /// <param name="Epic">The epic.</param>
    /// <param name="From">Where it stands.</param>
    /// <param name="To">Where it was to go.</param>
    public sealed record EpicTransition(EpicId Epic, EpicStatus From, EpicStatus To) : TaskRefusal;

    /// <summary>It was to be done at one version only, and there is another.</summary>
    /// <param name="Expected">The version that the caller had seen.</param>
    /// <param name="Found">The version now.</param>
    public sealed record VersionMismatch(long Expected, long Found) : TaskRefusal;
}
