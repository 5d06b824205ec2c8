using AgentCluster.Domain.TaskRegistry.Ready;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.TaskRegistry;

/// <summary>A task in memory: its facts, and what is kept beside them.</summary>
internal sealed class TaskEntry(TaskFacts facts)
{
    public TaskFacts Facts { get; set; } = facts;

    public TaskId Id => Facts.Id;

    /// <summary>The cold part; null when it is not in memory, or when there is none.</summary>
    public TaskDetail? Detail { get; set; }

    /// <summary>Soft: signs of life of this claim since the process knows it.</summary>
    public int Renewal { get; set; }

    /// <summary>Soft: UTC of the last sign; its minimum when there was none.</summary>
    public DateTimeOffset RenewedAt { get; set; }

    /// <summary>Soft: the question to the holder's Agent actor that awaits an answer; 0 for none.</summary>
    public long Question { get; set; }

    /// <summary>Where it lies in the ready queue; null when it does not.</summary>
    public ReadyPlace? Place { get; set; }

    public bool IsTouched { get; set; }

    public bool IsDetailTouched { get; set; }

    public TaskView View(string project) => Facts.View(project, RenewedAt);

    public void ForgetSigns()
    {
        Renewal = 0;
        RenewedAt = default;
        Question = 0;
    }
}
