using AgentCluster.Actors;
using AgentCluster.Runtime.Lanes;

namespace AgentCluster.Runtime.Asks;

/// <summary>
/// The callers of one lane in order of their deadlines. All wait equally long, so the order is that of arrival and a
/// list is enough: no timer a call.
/// </summary>
internal sealed class AskDeadlines(LaneTimers timers, TimeProvider clock, TimeSpan timeout)
{
    private readonly long _ticks = (long)(timeout.TotalSeconds * clock.TimestampFrequency);
    private PendingAsk? _first;
    private PendingAsk? _last;
    private bool _armed;

    public void Add(PendingAsk ask, long now)
    {
        ask.Deadline = now + _ticks;
        ask.Earlier = _last;
        if (_last is null)
        {
            _first = ask;
        }
        else
        {
            _last.Later = ask;
        }

        _last = ask;
        if (!_armed)
        {
            Arm(timeout);
        }
    }

    public void Remove(PendingAsk ask)
    {
        if (ask.Earlier is null && _first != ask)
        {
            return;
        }

        if (ask.Earlier is null)
        {
            _first = ask.Later;
        }
        else
        {
            ask.Earlier.Later = ask.Later;
        }

        if (ask.Later is null)
        {
            _last = ask.Earlier;
        }
        else
        {
            ask.Later.Earlier = ask.Earlier;
        }

        ask.Earlier = ask.Later = null;
    }

    private void Expire()
    {
        var now = clock.GetTimestamp();
        while (_first is { } ask && ask.Deadline <= now)
        {
            Remove(ask);
            Expire(ask);
        }

        if (_first is not null)
        {
            Arm(clock.GetElapsedTime(now, _first.Deadline));
        }
    }

    private void Expire(PendingAsk ask)
    {
        var envelope = ask.Envelope!;
        ask.Fail(envelope.Decided
            ? new OutcomeUnknownException(envelope.To, $"its commit was not confirmed within {timeout.TotalSeconds:0.#} s")
            : new ActorUnavailableException(
                envelope.To, Unavailable.NotReady, $"its turn did not come within {timeout.TotalSeconds:0.#} s; send it again"));
    }

    private void Arm(TimeSpan after)
    {
        _armed = true;
        timers.Set(after, _ =>
        {
            _armed = false;
            Expire();
        });
    }
}
