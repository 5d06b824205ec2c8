using AgentCluster.Actors;

namespace AgentCluster.Storage.Sqlite;

/// <summary>
/// Threads that each work with something of their own (a connection) on one queue. SQLite blocks its caller; here it
/// blocks these, and never the pool.
/// </summary>
/// <typeparam name="TOwn">What each thread works with; disposed when the desk closes.</typeparam>
internal sealed class Desk<TOwn> : IAsyncDisposable
    where TOwn : class, IDisposable
{
    private readonly object _gate = new();
    private readonly Queue<Job> _queue = new();
    private readonly List<Thread> _threads = [];
    private readonly string _name;
    private readonly int _bound;
    private readonly TimeSpan _idleAfter;
    private readonly Action<TOwn> _idle;
    private bool _closed;

    /// <param name="name">For threads and errors.</param>
    /// <param name="own">One for each thread.</param>
    /// <param name="bound">How many calls may wait.</param>
    /// <param name="idleAfter">How long a thread without work waits before it calls <paramref name="idle"/>.</param>
    /// <param name="idle">Called once each time that work has run out.</param>
    public Desk(string name, IReadOnlyList<TOwn> own, int bound, TimeSpan idleAfter, Action<TOwn> idle)
    {
        (_name, _bound, _idleAfter, _idle) = (name, bound, idleAfter, idle);
        foreach (var each in own)
        {
            var thread = new Thread(() => Work(each)) { IsBackground = true, Name = name };
            _threads.Add(thread);
            thread.Start();
        }
    }

    /// <summary>Runs <paramref name="ask"/> on one of the threads, in order of arrival.</summary>
    /// <param name="ask">Throws <see cref="SqliteError"/> or <see cref="StoreUnavailableException"/>.</param>
    /// <param name="cancellationToken">Honoured until it starts.</param>
    /// <exception cref="StoreUnavailableException">Too many wait, the desk is closed, or SQLite refused.</exception>
    public Task<T> AskAsync<T>(Func<TOwn, T> ask, CancellationToken cancellationToken) => AskAsync(ask, goOnHere: false, cancellationToken);

    /// <inheritdoc cref="AskAsync{T}(Func{TOwn, T}, CancellationToken)"/>
    /// <param name="ask">The same.</param>
    /// <param name="goOnHere">Whether the one who awaits goes on on the desk's thread: quicker, and only for those who hold it for no longer than it takes to hand the answer on.</param>
    /// <param name="cancellationToken">The same.</param>
    public Task<T> AskAsync<T>(Func<TOwn, T> ask, bool goOnHere, CancellationToken cancellationToken)
    {
        var job = new Job<T>(ask, goOnHere, cancellationToken);
        lock (_gate)
        {
            if (_closed)
            {
                throw new StoreUnavailableException($"The {_name} is closed.");
            }

            if (_queue.Count >= _bound)
            {
                throw new StoreUnavailableException($"Expected at most {_bound} calls to wait for the {_name}, found as many: slow down.");
            }

            _queue.Enqueue(job);
            Monitor.Pulse(_gate);
        }

        return job.Answer;
    }

    /// <summary>Finishes what is queued, then ends the threads.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }

        await Task.Run(() => _threads.ForEach(thread => thread.Join()));
    }

    private void Work(TOwn own)
    {
        using (own)
        {
            while (Next(own) is { } job)
            {
                job.Run(own);
            }
        }
    }

    private Job? Next(TOwn own)
    {
        var rested = false;
        while (true)
        {
            lock (_gate)
            {
                while (_queue.Count == 0 && !_closed && (rested ? Monitor.Wait(_gate) : Monitor.Wait(_gate, _idleAfter)))
                {
                }

                if (_queue.TryDequeue(out var job) || _closed)
                {
                    return job;
                }
            }

            rested = true;
            _idle(own);
        }
    }

    private abstract class Job
    {
        public abstract void Run(TOwn own);
    }

    private sealed class Job<T>(Func<TOwn, T> ask, bool goOnHere, CancellationToken cancellationToken) : Job
    {
        private readonly TaskCompletionSource<T> _answer = new(goOnHere ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<T> Answer => _answer.Task;

        public override void Run(TOwn own)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                _answer.SetCanceled(cancellationToken);
                return;
            }

            try
            {
                _answer.SetResult(ask(own));
            }
            catch (SqliteError error)
            {
                _answer.SetException(new StoreUnavailableException(error.Message, error));
            }
            catch (Exception error)
            {
                // Whoever asked hears of it; the thread has to serve the others.
                _answer.SetException(error);
            }
        }
    }
}
