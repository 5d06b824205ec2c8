using System.Text.Json.Serialization;
using AgentCluster.Actors;

namespace AgentCluster.Domain.Audit;

/// <summary>What can be asked of the audit. Closed: every case is in this file. Names on disk are of those that travel as messages.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "command")]
[JsonDerivedType(typeof(TakeEntry), "take-audit-entry.v1")]
[JsonDerivedType(typeof(RecordEntries), "record-entries.v1")]
[JsonDerivedType(typeof(ReadAudit), "read-audit.v1")]
public abstract record AuditCommand : ICommand
{
    private AuditCommand()
    {
    }

    /// <summary>Keeps what a bridge saw.</summary>
    /// <param name="Entries">Counted together already: a bridge sends few, and seldom.</param>
    public sealed record RecordEntries(ValueList<AuditEntry> Entries) : AuditCommand, ICommand<AuditReply>;

    /// <summary>Keeps what another actor decided.</summary>
    /// <param name="Entry">The entry.</param>
    public sealed record TakeEntry(AuditEntry Entry) : AuditCommand;

    /// <summary>Reads the last entries.</summary>
    public sealed record ReadAudit : AuditCommand, ICommand<AuditReply>, IReading;
}

/// <summary>The last entries. All of them are in the journal.</summary>
/// <param name="Total">How many were ever kept.</param>
/// <param name="Last">Oldest first.</param>
public sealed record AuditReply(long Total, ValueList<AuditEntry> Last);
