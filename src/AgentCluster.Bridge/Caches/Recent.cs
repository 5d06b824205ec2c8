using System.Collections.Concurrent;

namespace AgentCluster.Bridge.Caches;

/// <summary>
/// What was looked up lately. Bounded: two generations of at most <paramref name="generation"/> entries each; when the
/// young one is full the old one is forgotten, so what is used stays and no entry needs a lock or a list.
/// </summary>
/// <typeparam name="TKey">What it is found by.</typeparam>
/// <typeparam name="TValue">What is kept.</typeparam>
/// <param name="generation">Entries in a generation; at least 1.</param>
/// <param name="lifetime">How long an entry may be used; null when it can never become untrue.</param>
/// <param name="clock">Measures <paramref name="lifetime"/>.</param>
internal sealed class Recent<TKey, TValue>(int generation, TimeSpan? lifetime, TimeProvider clock)
    where TKey : notnull
{
    private ConcurrentDictionary<TKey, Entry> _young = new();
    private ConcurrentDictionary<TKey, Entry> _old = new();
    private int _count;

    /// <summary>Finds what was put under this key and may still be used.</summary>
    /// <param name="key">As put.</param>
    /// <param name="value">What was found.</param>
    public bool TryGet(TKey key, out TValue value)
    {
        if (Volatile.Read(ref _young).TryGetValue(key, out var entry))
        {
            value = entry.Value;
            return IsFresh(entry);
        }

        if (Volatile.Read(ref _old).TryGetValue(key, out entry) && IsFresh(entry))
        {
            Put(key, entry);
            value = entry.Value;
            return true;
        }

        value = default!;
        return false;
    }

    /// <summary>Keeps a value, in place of an earlier one.</summary>
    /// <param name="key">Any.</param>
    /// <param name="value">What to keep.</param>
    public void Put(TKey key, TValue value) => Put(key, new Entry(value, clock.GetTimestamp()));

    /// <summary>Forgets a key.</summary>
    /// <param name="key">Any.</param>
    public void Forget(TKey key)
    {
        Volatile.Read(ref _young).TryRemove(key, out _);
        Volatile.Read(ref _old).TryRemove(key, out _);
    }

    private bool IsFresh(Entry entry) => lifetime is not { } allowed || clock.GetElapsedTime(entry.At) < allowed;

    private void Put(TKey key, Entry entry)
    {
        var young = Volatile.Read(ref _young);
        young[key] = entry;
        if (Interlocked.Increment(ref _count) >= generation)
        {
            // Two threads may turn the page at once; the second then forgets a nearly empty one, which costs a look-up and no truth.
            Interlocked.Exchange(ref _count, 0);
            Volatile.Write(ref _old, young);
            Volatile.Write(ref _young, new());
        }
    }

    private readonly record struct Entry(TValue Value, long At);
}
