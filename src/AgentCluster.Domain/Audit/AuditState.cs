using System.Text.Json.Serialization;
using static AgentCluster.Domain.Audit.AuditEvent;

namespace AgentCluster.Domain.Audit;

/// <summary>The end of the audit.</summary>
/// <param name="Total">How many entries were ever kept.</param>
/// <param name="Last">At most <see cref="Remembered"/>, oldest first.</param>
public sealed record AuditState(
    long Total, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] ValueList<AuditEntry> Last = default)
{
    /// <summary>How many of the last entries can be read without the journal.</summary>
    public const int Remembered = 200;

    internal AuditState After(AuditEvent happened) => happened switch
    {
        EntryRecorded e => new(Total + 1, (Last.Count < Remembered ? Last : ValueList.Of(Last.AsSpan()[1..])).With(e.Entry)),
        _ => this,
    };
}
