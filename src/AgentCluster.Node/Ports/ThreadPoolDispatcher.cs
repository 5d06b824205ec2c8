using AgentCluster.Runtime.Ports;

namespace AgentCluster.Node.Ports;

/// <summary>Runs lanes on the thread pool.</summary>
internal sealed class ThreadPoolDispatcher : IDispatcher
{
    public TaskCreationOptions Answers => TaskCreationOptions.RunContinuationsAsynchronously;

    public void Dispatch(IRunnable work) =>
        ThreadPool.UnsafeQueueUserWorkItem(static lane => lane.Run(), work, preferLocal: false);
}
