using System.Text.Json.Serialization;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.Epics;

/// <summary>How many tasks of an epic stand where. Deleted ones do not count.</summary>
/// <param name="Pending">Nobody works on them, and nothing gates them. In lists of epics: all that are open.</param>
/// <param name="Blocked">Something gates them.</param>
/// <param name="Running">Claimed.</param>
/// <param name="InputRequired">Parked.</param>
/// <param name="Completed">Done.</param>
/// <param name="Failed">Given up.</param>
/// <param name="Cancelled">Called off.</param>
public readonly record struct EpicCounts(
    int Pending, int Blocked, int Running, int InputRequired, int Completed, int Failed, int Cancelled)
{
    /// <summary>Those that can still change hands.</summary>
    [JsonIgnore]
    public int Open => Pending + Blocked + Running + InputRequired;

    /// <summary>All of them.</summary>
    [JsonIgnore]
    public int Total => Open + Completed + Failed + Cancelled;

    /// <summary>Completed ÷ (total − cancelled), 0 to 100 with two decimals; 0 when there is nothing to do, 100 only when all is done.</summary>
    [JsonIgnore]
    public double Percent => Total - Cancelled is > 0 and var due
        ? Completed == due ? 100 : Math.Min(99.99, Math.Round(100.0 * Completed / due, 2))
        : 0;

    /// <summary>Completed ÷ (completed + failed), 0 to 1 with four decimals; null when none has ended so.</summary>
    [JsonIgnore]
    public double? SuccessRate => Completed + Failed is > 0 and var ended ? Math.Round((double)Completed / ended, 4) : null;

    /// <summary>The number of a status.</summary>
    /// <param name="status">As shown.</param>
    public int Of(WorkStatus status) => status switch
    {
        WorkStatus.Pending => Pending,
        WorkStatus.Blocked => Blocked,
        WorkStatus.Running => Running,
        WorkStatus.InputRequired => InputRequired,
        WorkStatus.Completed => Completed,
        WorkStatus.Failed => Failed,
        WorkStatus.Cancelled => Cancelled,
        _ => 0,
    };

    internal EpicCounts With(WorkStatus status, int change) => status switch
    {
        WorkStatus.Pending => this with { Pending = Pending + change },
        WorkStatus.Blocked => this with { Blocked = Blocked + change },
        WorkStatus.Running => this with { Running = Running + change },
        WorkStatus.InputRequired => this with { InputRequired = InputRequired + change },
        WorkStatus.Completed => this with { Completed = Completed + change },
        WorkStatus.Failed => this with { Failed = Failed + change },
        WorkStatus.Cancelled => this with { Cancelled = Cancelled + change },
        _ => this,
    };

    internal EpicCounts Moved(WorkStatus from, WorkStatus to) => from == to ? this : With(from, -1).With(to, 1);
}
