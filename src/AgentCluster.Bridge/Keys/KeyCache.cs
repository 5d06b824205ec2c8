using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Keys;

namespace AgentCluster.Bridge.Keys;

/// <summary>
/// Knows all keys, as they were a second ago at most: what was issued or revoked on any node holds everywhere within that
/// time. A request reads nothing; where the registry of keys does not answer for a second, nobody's key is taken.
/// </summary>
/// <param name="actors">Reaches the registry of keys.</param>
/// <param name="clock">Measures how old the keys are.</param>
internal sealed class KeyCache(IActorClient actors, TimeProvider clock)
{
    private static readonly TimeSpan Usable = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(0.5);

    private readonly Lock _lock = new();
    private Known? _known;
    private Task<KeyRing>? _reading;
    private int _changes;

    /// <summary>All keys.</summary>
    /// <exception cref="ActorUnavailableException">They cannot be read now.</exception>
    /// <exception cref="OutcomeUnknownException">They cannot be read now.</exception>
    public ValueTask<KeyRing> CurrentAsync()
    {
        if (Volatile.Read(ref _known) is not { } known)
        {
            return new(Read());
        }

        var age = clock.GetElapsedTime(known.AskedAt);
        if (age < Fresh)
        {
            return new(known.Ring);
        }

        var reading = Read();
        return age < Usable ? new(known.Ring) : new(reading);
    }

    /// <summary>Takes note that a key was issued or revoked here: the next caller waits for the keys as they are now.</summary>
    public void Forget()
    {
        lock (_lock)
        {
            _changes++;
            (_known, _reading) = (null, null);
        }
    }

    private Task<KeyRing> Read()
    {
        lock (_lock)
        {
            return _reading ??= ReadAsync(_known, _changes);
        }
    }

    private async Task<KeyRing> ReadAsync(Known? known, int changes)
    {
        // Goes on elsewhere, outside the lock, so that it cannot end before it is in its field.
        await Task.Yield();
        var askedAt = clock.GetTimestamp();
        try
        {
            var reply = await actors.AskAsync(Kinds.KeysOfAll, new KeysCommand.ReadKeys(known?.Ring.Version ?? -1), id: null, CancellationToken.None);
            var read = new Known(reply.Keys is { } keys ? new(reply.Version, keys) : known!.Ring, askedAt);
            lock (_lock)
            {
                _known = changes == _changes ? read : _known;
            }

            return read.Ring;
        }
        finally
        {
            lock (_lock)
            {
                _reading = changes == _changes ? null : _reading;
            }
        }
    }

    /// <param name="Ring">The keys.</param>
    /// <param name="AskedAt">From before they were asked for: they may have changed at any moment since.</param>
    private sealed record Known(KeyRing Ring, long AskedAt);
}
