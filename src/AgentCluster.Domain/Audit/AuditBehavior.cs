using System.Diagnostics;
using AgentCluster.Actors;
using static AgentCluster.Domain.Audit.AuditCommand;
using static AgentCluster.Domain.Audit.AuditEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.Audit.AuditEvent>;

namespace AgentCluster.Domain.Audit;

/// <summary>Who was refused what, and who did what to keys: one actor of the cluster. The journal is the audit; this remembers its end.</summary>
public sealed class AuditBehavior : IBehavior<AuditState, AuditCommand, AuditEvent>
{
    /// <inheritdoc/>
    public static string Kind => Kinds.Audit;

    /// <inheritdoc/>
    public static ActorJson Json { get; } = new(
        Commands: new(AuditJson.Default, typeof(AuditCommand)),
        Events: new(AuditJson.Default, typeof(AuditEvent)),
        Replies: new(AuditJson.Default) { ["audit-read.v1"] = typeof(AuditReply) },
        Snapshot: () => AuditJson.Default.AuditState);

    /// <inheritdoc/>
    public static RowQuery? Awake => null;

    /// <inheritdoc/>
    public static AuditState Initial(string name) => new(Total: 0);

    /// <inheritdoc/>
    public static Decision Decide(AuditState state, AuditCommand command, in Turn turn) => command switch
    {
        RecordEntries record => Decision.Answer(
            record, new AuditReply(state.Total + record.Entries.Count, []), [.. record.Entries.Select(entry => new EntryRecorded(entry))]),
        TakeEntry take => Decision.Note(new EntryRecorded(take.Entry)),
        ReadAudit read => Decision.Answer(read, new AuditReply(state.Total, state.Last)),
        _ => throw new UnreachableException($"Undecided command {command.GetType().Name}."),
    };

    /// <inheritdoc/>
    public static AuditState Apply(AuditState state, AuditEvent happened) => state.After(happened);

    /// <inheritdoc/>
    public static IEnumerable<TimerChange> Timers(AuditState state) => [];
}
