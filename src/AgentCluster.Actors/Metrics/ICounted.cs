namespace AgentCluster.Actors.Metrics;

/// <summary>An event whose name alone does not say what operators want to count. Implemented explicitly, so that it is not written.</summary>
public interface ICounted
{
    /// <summary>By what it is told apart from others of its name: one of a few constants.</summary>
    string Cause { get; }
}
