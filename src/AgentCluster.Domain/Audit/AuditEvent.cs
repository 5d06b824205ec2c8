using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Audit;

/// <summary>What the audit keeps. Names on disk carry a version and are never reused.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(EntryRecorded), "audit-recorded.v1")]
public abstract record AuditEvent
{
    private AuditEvent()
    {
    }

    /// <summary>One line.</summary>
    /// <param name="Entry">The line.</param>
    public sealed record EntryRecorded(AuditEntry Entry) : AuditEvent;
}
