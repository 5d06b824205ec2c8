using System.Threading.Tasks.Sources;
using AgentCluster.Actors;

namespace AgentCluster.Runtime.Asks;

/// <summary>A caller that waits. Completed once: by its reply, by its deadline, or by giving up.</summary>
internal abstract class PendingAsk(AskBound bound)
{
    private int _completed;

    /// <summary>Neighbours in the lane's list of deadlines; touched only on the lane.</summary>
    public PendingAsk? Earlier { get; set; }

    public PendingAsk? Later { get; set; }

    public Envelope? Envelope { get; set; }

    /// <summary>Monotonic timestamp after which the caller is told that it waited long enough.</summary>
    public long Deadline { get; set; }

    public bool IsCompleted => Volatile.Read(ref _completed) != 0;

    public void Reply(object reply)
    {
        if (Complete())
        {
            Succeed(reply);
        }
    }

    public void Fail(Exception error)
    {
        if (Complete())
        {
            Throw(error);
        }
    }

    protected abstract void Succeed(object reply);

    protected abstract void Throw(Exception error);

    private bool Complete()
    {
        if (Interlocked.Exchange(ref _completed, 1) != 0)
        {
            return false;
        }

        bound.Leave();
        return true;
    }
}

/// <inheritdoc cref="PendingAsk"/>
internal sealed class PendingAsk<TReply>(AskBound bound) : PendingAsk(bound), IValueTaskSource<TReply>
{
    private ManualResetValueTaskSourceCore<TReply> _source = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _giveUp;

    public ValueTask<TReply> Task => new(this, _source.Version);

    public void GiveUpOn(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _giveUp = cancellationToken.UnsafeRegister(
                static (self, token) => ((PendingAsk<TReply>)self!).Fail(new OperationCanceledException(token)), this);
        }
    }

    public TReply GetResult(short token)
    {
        _giveUp.Dispose();
        return _source.GetResult(token);
    }

    public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

    public void OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);

    protected override void Succeed(object reply)
    {
        if (reply is TReply typed)
        {
            _source.SetResult(typed);
        }
        else
        {
            _source.SetException(new InvariantViolatedException(
                $"A command that promises {typeof(TReply).Name} was answered with {reply.GetType().Name}."));
        }
    }

    protected override void Throw(Exception error) => _source.SetException(error);
}

/// <summary>Counts the callers that wait on this node, and says when there are too many.</summary>
internal sealed class AskBound(int max)
{
    private int _waiting;

    public int Waiting => Volatile.Read(ref _waiting);

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _waiting) <= max)
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _waiting);
}
