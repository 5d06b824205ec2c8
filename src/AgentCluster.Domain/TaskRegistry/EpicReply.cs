using System.Text.Json.Serialization;
using AgentCluster.Domain.Epics;

namespace AgentCluster.Domain.TaskRegistry;

/// <summary>The answer to a command about one epic.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "reply")]
[JsonDerivedType(typeof(Found), "epic-found.v1")]
[JsonDerivedType(typeof(Refused), "epic-refused.v1")]
public abstract record EpicReply
{
    private EpicReply()
    {
    }

    /// <summary>Done; this is the epic now.</summary>
    /// <param name="Epic">The numbers of its tasks are those of this turn.</param>
    public sealed record Found(EpicView Epic) : EpicReply;

    /// <summary>Not done.</summary>
    /// <param name="Why">Unknown, an invalid transition, or another version.</param>
    public sealed record Refused(TaskRefusal Why) : EpicReply;
}

/// <summary>The answer to a command about many epics.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "reply")]
[JsonDerivedType(typeof(Deleted), "epics-deleted.v1")]
public abstract record EpicsReply
{
    private EpicsReply()
    {
    }

    /// <summary>What became of each.</summary>
    /// <param name="Epics">Deleted now or before.</param>
    /// <param name="NotFound">Not of this project.</param>
    public sealed record Deleted(ValueList<EpicId> Epics, ValueList<EpicId> NotFound) : EpicsReply;
}
