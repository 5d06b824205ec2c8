namespace AgentCluster.Domain.Import;

/// <summary>Whose export it is.</summary>
public enum ImportFormat
{
    /// <summary>beads: a row a line, or a list of rows.</summary>
    Beads,

    /// <summary>task-master: one document, <c>tasks.json</c>.</summary>
    TaskMaster,

    /// <summary>Tasks and epics of another cluster, as <c>pbm export</c> writes them.</summary>
    AgentCluster,
}
