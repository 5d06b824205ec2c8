using System.Diagnostics;
using System.Text;

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
    private readonly Project[] _projects;
    private readonly Thread _thread;
    private List<Wish> _waiting = [];
    private bool _closed;

    /// <param name="file">The database, a copy of its own.</param>
    /// <param name="sample">What to write. Callers are spread over its homes.</param>
    public GroupLoop(string file, Sample sample)
    {
        _db = new(file);
        _sql = new(_db, sample);
        _projects = [.. sample.Homes.Select(home => new Project(home, Ready(home)))];
        _thread = new(Work) { IsBackground = true, Name = "floor" };
        _thread.Start();
    }

    public long Commits { get; private set; }

    public long Decisions { get; private set; }

    /// <summary>Decisions a commit: with few, the floor is one of lone commits, and proves nothing about groups.</summary>
    public double MeanGroup => (double)Decisions / Commits;

    public async ValueTask<long> DoAsync(int caller)
    {
        var project = _projects[caller % _projects.Length];
        var task = await AskAsync(project, null);
        var claimed = Stopwatch.GetTimestamp();
        await AskAsync(project, task);
        return claimed;
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

    private Queue<byte[]> Ready(Home home) =>
        new(_db.Read($"SELECT id FROM task WHERE owner = '{Encoding.UTF8.GetString(home.Actor)}' AND status = 'pending' ORDER BY priority, ordinal"));

    private Task<byte[]> AskAsync(Project project, byte[]? complete)
    {
        var wish = new Wish(project, complete);
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
            wish.Decide(_sql);
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

    private sealed record Project(Home Home, Queue<byte[]> Ready);

    private sealed class Wish(Project project, byte[]? complete)
    {
        public TaskCompletionSource<byte[]> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public byte[]? Task { get; private set; }

        public void Decide(PairSql sql)
        {
            if (complete is null)
            {
                Task = project.Ready.Dequeue();
                sql.Claim(project.Home, Task);
            }
            else
            {
                Task = complete;
                sql.Complete(project.Home, Task);
            }
        }
    }
}
