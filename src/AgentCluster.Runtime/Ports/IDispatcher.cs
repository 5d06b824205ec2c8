namespace AgentCluster.Runtime.Ports;

/// <summary>
/// Where lanes run. In production the thread pool, in a simulation one thread whose order the seed decides. Work that is
/// dispatched once runs once; two dispatches of the same lane never overlap, because a lane dispatches itself only when
/// it is not dispatched already.
/// </summary>
public interface IDispatcher
{
    /// <summary>
    /// How those who wait for an answer go on. On the thread pool asynchronously, because a caller's code must not run on a
    /// lane; in a simulation without that option, because it would take them away from the simulation's scheduler, which
    /// queues them anyway.
    /// </summary>
    TaskCreationOptions Answers { get; }

    /// <summary>Runs <paramref name="work"/> soon, never inside this call.</summary>
    /// <param name="work">A lane with something to do.</param>
    void Dispatch(IRunnable work);
}

/// <summary>Something that a dispatcher runs.</summary>
public interface IRunnable
{
    /// <summary>Runs for a bounded while and returns; does not throw.</summary>
    void Run();
}
