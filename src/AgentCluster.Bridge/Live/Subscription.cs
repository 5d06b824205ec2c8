using AgentCluster.Actors;

namespace AgentCluster.Bridge.Live;

/// <summary>
/// One consumer's way through the journal: first alone, from its cursor to where the feed is, then along with it. Neither
/// way leaves out or repeats an event, so nor do both.
/// </summary>
/// <remarks>
/// The mark is the pair that joins them: a cursor of the feed, and the place of the next frame in its ring at that moment.
/// What is up to the cursor is read from the journal; what comes after it is in the ring from that place on.
/// </remarks>
internal sealed class Subscription : IDisposable
{
    private const int PageEvents = 256;

    private readonly LiveFeed _feed;
    private readonly IJournalReader _journal;
    private readonly HashSet<string> _channels;
    private readonly FrameEncoder _way;
    private readonly TaskCompletionSource _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private JournalCursor? _mark;
    private JournalCursor _at;

    /// <param name="feed">Knows this subscription until it is disposed.</param>
    /// <param name="journal">For what was before.</param>
    /// <param name="start">The journal's generation, and after what to begin.</param>
    /// <param name="channels">Any of them; none for everything.</param>
    public Subscription(LiveFeed feed, IJournalReader journal, JournalHead start, HashSet<string> channels)
    {
        (_feed, _journal, _channels, _at) = (feed, journal, channels, start.Cursor);
        _way = new(start.Generation, start.Cursor);
        StartText = _way.Text;
    }

    /// <summary>The cursor at which it begins.</summary>
    public string StartText { get; }

    /// <summary>Completes when it has fallen too far behind: its consumer takes nothing.</summary>
    public Task Cut => _cut.Task;

    /// <summary>Whether it gets nothing more.</summary>
    public bool IsCutOff => _cut.Task.IsCompleted;

    /// <summary>Whether it goes along with the feed.</summary>
    public bool IsLive { get; private set; }

    /// <summary>The place in the ring of the next frame that it has not taken; changed by the feed only.</summary>
    public long Next { get; set; }

    /// <summary>Completed by the feed when it has something; null while nobody waits. Whoever waits has taken all that is in the ring.</summary>
    public TaskCompletionSource? Waiting { get; set; }

    /// <summary>Takes the next events that it follows.</summary>
    /// <param name="into">Emptied first. May stay empty: then there was nothing for it.</param>
    /// <param name="patience">How long to wait for an event.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="StoreUnavailableException">What was before cannot be read now; ask again later.</exception>
    public async ValueTask<SubscriptionState> NextAsync(List<Frame> into, TimeSpan patience, CancellationToken cancellationToken)
    {
        into.Clear();
        return IsLive
            ? await _feed.TakeAsync(this, into, patience, cancellationToken)
            : await CatchUpAsync(into, cancellationToken);
    }

    /// <summary>Whether it follows what a frame is about.</summary>
    /// <param name="frame">Any.</param>
    public bool Follows(Frame frame)
    {
        if (_channels.Count == 0)
        {
            return true;
        }

        foreach (var channel in frame.Channels)
        {
            if (_channels.Contains(channel))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Ends a delivery that its consumer does not take.</summary>
    /// <returns>Whether it had not ended.</returns>
    public bool CutOff() => _cut.TrySetResult();

    /// <inheritdoc/>
    public void Dispose() => _feed.Leave(this);

    private async ValueTask<SubscriptionState> CatchUpAsync(List<Frame> into, CancellationToken cancellationToken)
    {
        if (_feed.IsStopped)
        {
            return SubscriptionState.Stopped;
        }

        if (_mark is null)
        {
            var (cursor, next) = _feed.Mark();
            if (!cursor.Covers(_at))
            {
                // The feed is on its way to where this consumer has been already, on another node perhaps.
                await _feed.MoveAsync(cancellationToken);
                return SubscriptionState.Open;
            }

            (_mark, Next) = (cursor, next);
        }

        var page = await _journal.ReadJournalAsync(_at, _mark, PageEvents, cancellationToken);
        if (page.Generation != _way.Generation)
        {
            return SubscriptionState.Behind;
        }

        if (page.Events.Count > 0)
        {
            into.AddRange(_way.Encode(page.Events).Where(Follows));
            _at = _way.Cursor;
        }
        else if (_feed.Join(this))
        {
            IsLive = true;
        }
        else
        {
            // Too much happened meanwhile. What the ring has lost is in the journal.
            _mark = null;
        }

        return SubscriptionState.Open;
    }
}

/// <summary>How a subscription stands.</summary>
internal enum SubscriptionState
{
    /// <summary>It goes on.</summary>
    Open,

    /// <summary>Its consumer took events too slowly. It may resume from the last one.</summary>
    Behind,

    /// <summary>The node stops. It may resume anywhere from the last one.</summary>
    Stopped,

    /// <summary>What its consumer presented when it came is not good any more.</summary>
    Revoked,
}
