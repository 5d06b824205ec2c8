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

    /// <summary>Answers.</summary>
    /// <param name="reply">What its caller is told.</param>
    /// <param name="isLone">Whether its caller may go on in this thread; never on a lane.</param>
    public void Reply(object reply, bool isLone = false)
    {
        if (Complete())
        {
            Trace?.End(null);
            Succeed(reply, isLone);
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

    protected abstract void Succeed(object reply, bool isLone);

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
/// <param name="bound">Counts it.</param>
/// <param name="dispatcher">Where its caller goes on.</param>
/// <param name="isAway">Whether another node is asked first, so that the answer may come in a thread in which its caller may go on.</param>
internal sealed class PendingAsk<TReply>(AskBound bound, IDispatcher dispatcher, bool isAway) : PendingAsk(bound), IRunnable
{
    // Whoever asks another node is brought to another thread by us where it must: with the option it always would be.
    private readonly TaskCompletionSource<TReply> _answer = new(isAway ? TaskCreationOptions.None : dispatcher.Answers);
    private CancellationTokenRegistration _giveUp;
    private object? _outcome;

    public Task<TReply> Answer => _answer.Task;

    public void GiveUpOn(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _giveUp = cancellationToken.UnsafeRegister(
                static (self, token) => ((PendingAsk<TReply>)self!).Fail(new OperationCanceledException(token)), this);
        }
    }

    /// <summary>Tells its caller what became of it.</summary>
    public void Run()
    {
        switch (_outcome)
        {
            case OperationCanceledException cancelled:
                _answer.SetCanceled(cancelled.CancellationToken);
                break;
            case Exception error:
                _answer.SetException(error);
                break;
            case TReply reply:
                _answer.SetResult(reply);
                break;
            default:
                _answer.SetException(new InvariantViolatedException(
                    $"A command that promises {typeof(TReply).Name} was answered with {_outcome?.GetType().Name ?? "nothing"}."));
                break;
        }
    }

    protected override void Succeed(object reply, bool isLone)
    {
        _giveUp.Dispose();
        Tell(reply, isLone);
    }

    protected override void Throw(Exception error)
    {
        if (error is not OperationCanceledException)
        {
            _giveUp.Dispose();
        }

        Tell(error, isLone: false);
    }

    private void Tell(object outcome, bool isLone)
    {
        _outcome = outcome;
        if (isAway && !isLone && dispatcher.Answers != TaskCreationOptions.None)
        {
            dispatcher.Dispatch(this);
        }
        else
        {
            Run();
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
