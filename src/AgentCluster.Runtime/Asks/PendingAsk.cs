using AgentCluster.Actors;
using AgentCluster.Runtime.Metrics;
using AgentCluster.Runtime.Ports;
using AgentCluster.Runtime.Routing;

namespace AgentCluster.Runtime.Asks;

/// <summary>A caller that waits. Completed once: by its reply, by its deadline, or by giving up.</summary>
internal abstract class PendingAsk(AskBound bound)
{
    private int _completed;

    /// <summary>Neighbours in the lane's list of deadlines; touched only on the lane.</summary>
    public PendingAsk? Earlier { get; set; }

    public PendingAsk? Later { get; set; }

    public Envelope? Envelope { get; set; }

    /// <summary>Takes it to other nodes; null where there are none, and for what came from one.</summary>
    public Router? Router { get; init; }

    /// <summary>Monotonic timestamp until which its caller waits, wherever it goes; only where there is a <see cref="Router"/>.</summary>
    public long Until { get; init; }

    /// <summary>How often it looked for its actor in vain.</summary>
    public int Attempts { get; set; }

    /// <summary>Whether an answer of another node was lost on the way: from then on it is not known that nothing happened.</summary>
    public bool MayBeDone { get; set; }

    /// <summary>Follows it, for operators; null when nobody looks.</summary>
    public ITrace? Trace { get; init; }

    /// <summary>Monotonic timestamp after which the caller is told that it waited long enough.</summary>
    public long Deadline { get; set; }

    public bool IsCompleted => Volatile.Read(ref _completed) != 0;

    public void Reply(object reply)
    {
        if (Complete())
        {
            Trace?.End(null);
            Succeed(reply);
        }
    }

    public void Fail(Exception error)
    {
        if (Router is not { } router)
        {
            End(error);
        }
        else if (!IsCompleted && !router.GoesOn(this, error))
        {
            End(MayBeDone && error is ActorUnavailableException gone ? new OutcomeUnknownException(gone.Actor, gone.Detail) : error);
        }
    }

    /// <summary>Fails for good.</summary>
    public void End(Exception error)
    {
        if (Complete())
        {
            bound.Counts.Failed(error);
            Trace?.End(error);
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
internal sealed class PendingAsk<TReply>(AskBound bound, TaskCreationOptions answers) : PendingAsk(bound)
{
    private readonly TaskCompletionSource<TReply> _answer = new(answers);
    private CancellationTokenRegistration _giveUp;

    public Task<TReply> Answer => _answer.Task;

    public void GiveUpOn(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _giveUp = cancellationToken.UnsafeRegister(
                static (self, token) => ((PendingAsk<TReply>)self!).Fail(new OperationCanceledException(token)), this);
        }
    }

    protected override void Succeed(object reply)
    {
        _giveUp.Dispose();
        if (reply is TReply typed)
        {
            _answer.SetResult(typed);
        }
        else
        {
            _answer.SetException(new InvariantViolatedException(
                $"A command that promises {typeof(TReply).Name} was answered with {reply?.GetType().Name ?? "nothing"}."));
        }
    }

    protected override void Throw(Exception error)
    {
        if (error is OperationCanceledException cancelled)
        {
            _answer.SetCanceled(cancelled.CancellationToken);
        }
        else
        {
            _giveUp.Dispose();
            _answer.SetException(error);
        }
    }
}

/// <summary>Counts the callers that wait on this node, and says when there are too many.</summary>
internal sealed class AskBound(int max)
{
    private int _waiting;

    public AskCounts Counts { get; } = new();

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
