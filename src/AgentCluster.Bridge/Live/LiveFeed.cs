using AgentCluster.Actors;
using AgentCluster.Actors.Metrics;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Bridge.Live;

/// <summary>
/// The node's one reader of the journal for all who listen: reads on while anybody does, encodes each event once, and
/// keeps the last frames for the subscriptions, which take them at their own pace. Nobody who listens can hold it up.
/// </summary>
/// <param name="journal">Committed events only, so nothing is heard that a crash takes back (P1).</param>
/// <param name="signal">Saves waiting for what this node writes.</param>
/// <param name="clock">Times the looks for what other nodes write.</param>
/// <param name="answers">How those who wait go on; see the runtime's dispatcher.</param>
/// <param name="log">Hears when the journal cannot be read.</param>
/// <param name="frames">How many frames a subscription may be behind by.</param>
internal sealed partial class LiveFeed(
    IJournalReader journal,
    IJournalSignal signal,
    TimeProvider clock,
    TaskCreationOptions answers,
    ILogger log,
    int frames = FrameRing.MostFrames)
{
    private const int FramesAtOnce = 64;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly FrameRing _ring = new(frames);
    private readonly HashSet<Subscription> _subscriptions = [];
    private TaskCompletionSource _moved = new(answers);
    private FrameEncoder? _way;
    private JournalCursor _at = JournalCursor.Start;

    /// <summary>The rule that a simulation breaks on purpose.</summary>
    internal LiveMutant Mutant { get; init; }

    /// <summary>Whether the node stops.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>How many follow it; from any thread, and then about.</summary>
    public int Listeners => _subscriptions.Count;

    /// <summary>How many were cut off because they took events too slowly.</summary>
    public Counter Slow { get; } = new();

    /// <summary>Begins a subscription.</summary>
    /// <param name="after">After which cursor; null for from now on.</param>
    /// <param name="channels">Any of them; none for everything.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The subscription, or null with the journal's head when the cursor names what this journal does not have.</returns>
    /// <exception cref="StoreUnavailableException">The journal cannot be read now.</exception>
    public async ValueTask<(Subscription? Subscription, JournalHead Head)> SubscribeAsync(
        JournalHead? after, HashSet<string> channels, CancellationToken cancellationToken)
    {
        var head = await journal.ReadHeadAsync(cancellationToken);
        if (after is not null && !Knows(head, after))
        {
            return (null, head);
        }

        var subscription = new Subscription(this, journal, head with { Cursor = after?.Cursor ?? head.Cursor }, channels);
        Subscription[] ended;
        lock (_gate)
        {
            ended = Restart(head.Generation);
            _subscriptions.Add(subscription);
            if (_way is null)
            {
                (_way, _at) = (new(head.Generation, head.Cursor) { IsAhead = Mutant == LiveMutant.MovesBeforeDelivery }, head.Cursor);
                _ = ReadAsync(_way);
            }
        }

        CutOff(ended);
        return (subscription, head);
    }

    /// <summary>Where the journal ends.</summary>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="StoreUnavailableException">The journal cannot be read now.</exception>
    public ValueTask<JournalHead> HeadAsync(CancellationToken cancellationToken) => journal.ReadHeadAsync(cancellationToken);

    /// <summary>Where the feed is, and where in the ring goes on what comes after.</summary>
    public (JournalCursor Cursor, long Next) Mark()
    {
        lock (_gate)
        {
            return (_at, _ring.Next);
        }
    }

    /// <summary>Lets a subscription that has caught up with its mark go along, if the ring still has all that came after the mark.</summary>
    /// <param name="subscription">At its mark.</param>
    public bool Join(Subscription subscription)
    {
        lock (_gate)
        {
            if (Mutant is LiveMutant.JoinsTooLate or LiveMutant.JoinsWithAHole)
            {
                subscription.Next = Mutant == LiveMutant.JoinsTooLate ? _ring.Next : Math.Max(subscription.Next, _ring.First);
            }

            return subscription.Next >= _ring.First;
        }
    }

    /// <summary>Waits until the feed has moved, or a little.</summary>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask MoveAsync(CancellationToken cancellationToken)
    {
        Task moved;
        lock (_gate)
        {
            moved = _moved.Task;
        }

        await WaitAsync(moved, BetweenLooks, cancellationToken);
    }

    /// <summary>Takes what is in the ring for a subscription that goes along.</summary>
    /// <inheritdoc cref="Subscription.NextAsync"/>
    public async ValueTask<SubscriptionState> TakeAsync(
        Subscription subscription, List<Frame> into, TimeSpan patience, CancellationToken cancellationToken)
    {
        Task something;
        lock (_gate)
        {
            if (subscription.Next < _ring.First || subscription.IsCutOff)
            {
                return SubscriptionState.Behind;
            }

            while (subscription.Next < _ring.Next && into.Count < FramesAtOnce)
            {
                var frame = _ring[subscription.Next++];
                if (subscription.Follows(frame))
                {
                    into.Add(frame);
                }
            }

            if (into.Count > 0)
            {
                return SubscriptionState.Open;
            }

            if (IsStopped)
            {
                return SubscriptionState.Stopped;
            }

            something = (subscription.Waiting = new(answers)).Task;
        }

        await WaitAsync(something, patience, cancellationToken);
        return SubscriptionState.Open;
    }

    /// <summary>Ends a subscription.</summary>
    /// <param name="subscription">Known or not.</param>
    public void Leave(Subscription subscription)
    {
        lock (_gate)
        {
            _subscriptions.Remove(subscription);
        }
    }

    /// <summary>Ends all subscriptions: the node stops.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            IsStopped = true;
        }

        WakeAll();
    }

    private static bool Knows(JournalHead head, JournalHead after) =>
        after.Generation is CursorText.AnyGeneration || (after.Generation == head.Generation && head.Cursor.Covers(after.Cursor));

    private void Moved()
    {
        TaskCompletionSource moved;
        lock (_gate)
        {
            (moved, _moved) = (_moved, new(answers));
        }

        moved.TrySetResult();
    }

    /// <summary>Wakes everybody, whatever they follow: there is something else to say.</summary>
    private void WakeAll()
    {
        Moved();
        TaskCompletionSource[] waiting;
        lock (_gate)
        {
            waiting = [.. _subscriptions.Select(subscription => subscription.Waiting).OfType<TaskCompletionSource>()];
        }

        Array.ForEach(waiting, each => each.TrySetResult());
    }

    private async ValueTask WaitAsync(Task something, TimeSpan patience, CancellationToken cancellationToken)
    {
        try
        {
            await something.WaitAsync(patience, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Nothing came. Whoever waited looks again.
        }
    }
}
