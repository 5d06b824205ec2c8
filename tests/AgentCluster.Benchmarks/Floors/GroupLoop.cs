namespace AgentCluster.Benchmarks.Floors;

/// <summary>
/// F, the floor: what is left when everything but the work is taken away. Callers put what they want into a list; one
/// thread decides all that waits in memory and commits it in one transaction, to the same tables and indexes as the node.
/// </summary>
internal sealed class GroupLoop : ISubject
{
    private readonly object _gate = new();
    private readonly RawSqlite _db;
    private readonly PairSql _sql;
    private readonly Queue<byte[]> _ready;
    private readonly Thread _thread;
    private List<Wish> _waiting = [];
    private bool _closed;

    public GroupLoop(string file, Sample sample)
    {
        _db = new(file);
        _sql = new(_db, sample);
        _ready = new(_db.Read("SELECT id FROM task WHERE status = 'pending' ORDER BY priority, ordinal"));
        _thread = new(Work) { IsBackground = true, Name = "floor" };
        _thread.Start();
    }

    public long Commits { get; private set; }

    public long Decisions { get; private set; }

    /// <summary>Decisions a commit: with few, the floor is one of lone commits, and proves nothing about groups.</summary>
    public double MeanGroup => (double)Decisions / Commits;

    public async Task PairAsync(int caller)
    {
        var task = await AskAsync(null);
        await AskAsync(task);
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }

        await Task.Run(_thread.Join);
        _db.Dispose();
    }

    private Task<byte[]> AskAsync(byte[]? complete)
    {
        var wish = new Wish(complete);
        lock (_gate)
        {
            _waiting.Add(wish);
            if (_waiting.Count == 1)
            {
                Monitor.Pulse(_gate);
            }
        }

        return wish.Done.Task;
    }

    private void Work()
    {
        List<Wish> group = [];
        while (true)
        {
            lock (_gate)
            {
                while (_waiting.Count == 0)
                {
                    if (_closed)
                    {
                        return;
                    }

                    Monitor.Wait(_gate);
                }

                (group, _waiting) = (_waiting, group);
            }

            Commit(group);
            group.Clear();
        }
    }

    private void Commit(List<Wish> group)
    {
        _db.Run("BEGIN IMMEDIATE");
        foreach (var wish in group)
        {
            wish.Decide(_ready, _sql);
        }

        _sql.Advance();
        _db.Run("COMMIT");
        Commits++;
        Decisions += group.Count;
        foreach (var wish in group)
        {
            wish.Done.SetResult(wish.Task!);
        }
    }

    private sealed class Wish(byte[]? complete)
    {
        public TaskCompletionSource<byte[]> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public byte[]? Task { get; private set; }

        public void Decide(Queue<byte[]> ready, PairSql sql)
        {
            if (complete is null)
            {
                Task = ready.Dequeue();
                sql.Claim(Task);
            }
            else
            {
                Task = complete;
                sql.Complete(Task);
            }
        }
    }
}
