using AgentCluster.Runtime.Store;

namespace AgentCluster.Storage.Sqlite.Commands;

/// <summary>
/// Which command ids may be remembered in the file. Nearly every key is new, and a new one is known to be so without a look.
/// </summary>
/// <remarks>
/// Sound because all that is written passes here first, on the writer's thread, and because a sieve is asked only once it holds
/// all that was there when it began: it begins on that thread, between two commits, and the file is read after that. What is
/// forgotten stays in it, and is looked for in vain, until the next one is made.
/// </remarks>
internal sealed class SeenCommands
{
    private const int LeastRoom = 1 << 16;

    // 64 MiB, and only when there are so many. Beyond it more and more is looked up, as if there were none.
    private const int MostRoom = 1 << 25;

    private volatile TaskCompletionSource _full = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Sieve? _whole;
    private Sieve? _growing;

    /// <summary>Completes when another sieve would be better, larger or without what was forgotten.</summary>
    public Task Full => _full.Task;

    /// <summary>The ids that must be looked up.</summary>
    public IReadOnlyList<string> MayHold(IReadOnlyList<string> ids)
    {
        if (_whole is not { } whole)
        {
            return ids;
        }

        List<string>? may = null;
        for (var i = 0; i < ids.Count; i++)
        {
            if (whole.MayHold(ids[i]))
            {
                (may ??= []).Add(ids[i]);
            }
        }

        return may ?? (IReadOnlyList<string>)[];
    }

    /// <summary>On the writer's thread, before a group is written.</summary>
    public void Sent(IReadOnlyList<StoreBatch> batches)
    {
        for (var i = 0; i < batches.Count; i++)
        {
            for (var j = 0; j < batches[i].Rows.Count; j++)
            {
                if (batches[i].Rows[j].Table.Name == RuntimeTables.Command.Name)
                {
                    Put(batches[i].Rows[j].Row.Key.Id);
                }
            }
        }
    }

    /// <summary>On the writer's thread: begins a sieve, into which all goes that is written from here on.</summary>
    /// <param name="stored">How many ids there are, about.</param>
    public void Begin(long stored) => _growing = new((int)Math.Clamp(2 * stored, LeastRoom, MostRoom));

    /// <summary>On the writer's thread: puts what was stored before.</summary>
    public void Put(IEnumerable<string> stored)
    {
        foreach (var id in stored)
        {
            _growing!.Put(id);
        }
    }

    /// <summary>On the writer's thread: it holds all by now.</summary>
    public void Finish()
    {
        (_whole, _growing) = (_growing, null);
        _full = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private void Put(string id)
    {
        _growing?.Put(id);
        _whole?.Put(id);
        if (_whole is { IsFull: true })
        {
            _full.TrySetResult();
        }
    }
}
