using AgentCluster.Runtime.Ports;

namespace AgentCluster.Transport.Peers;

/// <summary>The answer to a question that was the only one: whoever asked goes on in the thread that read it, once that has nothing left to read.</summary>
/// <param name="asked">Who waits for it.</param>
/// <param name="body">Its own copy.</param>
internal sealed class LoneAnswer(IAnswer asked, byte[] body) : IThreadPoolWorkItem
{
    public void Execute() => asked.Answered(body, isLone: true);
}
