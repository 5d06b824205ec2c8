using AgentCluster.Actors;

namespace AgentCluster.Bridge.Live;

/// <content>Reading the journal, and handing on what was read.</content>
internal sealed partial class LiveFeed
{
    private const int PageEvents = 256;
    private const int ListenersAMillisecond = 40;
    private const int MostGathering = 25;
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private async Task ReadAsync(FrameEncoder way)
    {
        while (IsWanted(way))
        {
            // Asked for before the look, so that a write during the look is not slept through.
            var written = signal.NextWrite;
            try
            {
                var page = await journal.ReadJournalAsync(_at, null, PageEvents, CancellationToken.None);
                if (page.Generation != way.Generation && Mutant != LiveMutant.IgnoresRestores)
                {
                    log.JournalRestored(way.Generation, page.Generation);
                    GiveUp(way);
                }
                else if (page.Events.Count > 0)
                {
                    Publish(way, page.Events);
                    await GatherAsync(page.Events.Count);
                }
                else
                {
                    await WaitAsync(written, BetweenLooks, CancellationToken.None);
                }
            }
            catch (StoreUnavailableException away)
            {
                log.JournalUnavailable(away.Message);
                await Task.Delay(AfterFailure, clock);
            }
#pragma warning disable CA1031 // Nobody awaits this. Those who listen are sent away to resume, and the next one starts it anew.
            catch (Exception bug)
#pragma warning restore CA1031
            {
                log.FeedFailed(bug);
                GiveUp(way);
            }
        }
    }

    /// <summary>Lets more come together before the next page, the longer the more listeners there are to wake.</summary>
    private Task GatherAsync(int events)
    {
        int listeners;
        lock (_gate)
        {
            listeners = _subscriptions.Count;
        }

        return events < PageEvents && listeners >= ListenersAMillisecond
            ? Task.Delay(TimeSpan.FromMilliseconds(Math.Min(listeners / ListenersAMillisecond, MostGathering)), clock)
            : Task.CompletedTask;
    }

    private bool IsWanted(FrameEncoder way)
    {
        lock (_gate)
        {
            if (_subscriptions.Count > 0 && !IsStopped && _way == way)
            {
                return true;
            }

            if (_way == way)
            {
                _way = null;
                _ring.Clear();
            }

            return false;
        }
    }

    private void Publish(FrameEncoder way, IReadOnlyList<StoredEvent> page)
    {
        var encoded = way.Encode(page);
        List<Subscription> behind = [];
        List<TaskCompletionSource> woken = [];
        lock (_gate)
        {
            if (_way != way)
            {
                // Read before the journal was restored, and not of this one.
                return;
            }

            encoded.ForEach(_ring.Add);
            _at = way.Cursor;
            foreach (var subscription in _subscriptions)
            {
                if (subscription.Waiting is not { } waiting)
                {
                    if (subscription.IsLive && subscription.Next < _ring.First)
                    {
                        behind.Add(subscription);
                    }
                }
                else if (encoded.Exists(subscription.Follows))
                {
                    subscription.Waiting = null;
                    woken.Add(waiting);
                }
                else
                {
                    // Nothing for it: it is not woken, and has taken what it does not want.
                    subscription.Next = _ring.Next;
                }
            }
        }

        Moved();
        woken.ForEach(waiting => waiting.TrySetResult());
        Slow.Add(behind.Count(subscription => subscription.CutOff()));
    }

    /// <summary>Under the lock: a journal that was restored is another one, and what the feed still has of the old one is not for who comes now.</summary>
    /// <returns>Who goes along on the old way, to be cut off.</returns>
    private Subscription[] Restart(int generation)
    {
        if (_way is not { } way || way.Generation == generation || Mutant == LiveMutant.IgnoresRestores)
        {
            return [];
        }

        return way.Generation < generation
            ? End()
            : throw new StoreUnavailableException("The journal was restored while its end was read; read it again.");
    }

    /// <summary>Under the lock: ends the way of the feed.</summary>
    private Subscription[] End()
    {
        _way = null;
        _ring.Clear();
        return [.. _subscriptions];
    }

    /// <summary>Ends a way of the feed; whoever goes along is sent away to resume. Another way that has begun meanwhile goes on.</summary>
    private void GiveUp(FrameEncoder way)
    {
        Subscription[] ended;
        lock (_gate)
        {
            ended = _way == way ? End() : [];
        }

        CutOff(ended);
    }

    private void CutOff(Subscription[] ended)
    {
        if (ended.Length > 0)
        {
            Array.ForEach(ended, subscription => subscription.CutOff());
            WakeAll();
        }
    }
}
