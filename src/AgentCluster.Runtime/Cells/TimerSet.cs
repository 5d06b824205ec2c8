using AgentCluster.Actors;

namespace AgentCluster.Runtime.Cells;

/// <summary>The timers of one actor by key. Most actors have one, and there are many actors: only a second one makes a table.</summary>
internal sealed class TimerSet
{
    private ActorTimer? _only;
    private Dictionary<TimerKey, ActorTimer>? _all;

    public int Count => _all?.Count ?? (_only is null ? 0 : 1);

    public IEnumerable<ActorTimer> All => _all is not null ? _all.Values : _only is not null ? [_only] : [];

    public ActorTimer? Find(TimerKey key) => _all is not null ? _all.GetValueOrDefault(key)
        : _only?.Key == key ? _only
        : null;

    /// <summary>Adds a timer, in the place of one of the same key.</summary>
    public void Put(ActorTimer timer)
    {
        if (_all is null && (_only is null || _only.Key == timer.Key))
        {
            _only = timer;
            return;
        }

        if (_all is null)
        {
            _all = new() { [_only!.Key] = _only };
            _only = null;
        }

        _all[timer.Key] = timer;
    }

    /// <summary>Removes a timer.</summary>
    /// <returns>It; null when there is none.</returns>
    public ActorTimer? Take(TimerKey key)
    {
        var found = Find(key);
        if (_all is not null)
        {
            _all.Remove(key);
        }
        else if (found is not null)
        {
            _only = null;
        }

        return found;
    }

    public void Clear() => (_only, _all) = (null, null);
}
