using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace AgentCluster.Transport.Connections;

/// <summary>
/// Waits for what comes next on a connection, and hands the thread that waits no more to who takes the frames: the leader of Schmidt's
/// leader/followers pattern, which goes on with what it has read while another thread leads.
/// </summary>
/// <param name="read">Is waited for once.</param>
/// <param name="taker">Told when somebody else will be called back. Not when the next frames are there already.</param>
internal readonly struct NextRead(ValueTask<ReadResult> read, IFrameTaker taker) : ICriticalNotifyCompletion
{
    private readonly ValueTaskAwaiter<ReadResult> _read = read.GetAwaiter();

    public bool IsCompleted => _read.IsCompleted;

    public NextRead GetAwaiter() => this;

    public ReadResult GetResult() => _read.GetResult();

    public void OnCompleted(Action continuation)
    {
        _read.OnCompleted(continuation);
        taker.Rest();
    }

    public void UnsafeOnCompleted(Action continuation)
    {
        _read.UnsafeOnCompleted(continuation);
        taker.Rest();
    }
}
