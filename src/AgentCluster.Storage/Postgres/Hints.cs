using Npgsql;

namespace AgentCluster.Storage.Postgres;

/// <summary>
/// Tells other nodes that there is something to read, by NOTIFY, and hears it from them, by LISTEN. On connections of its own, and apart
/// from the commits: a transaction that notifies makes all others that do wait for its end. Nothing hangs on a hint.
/// </summary>
internal sealed class Hints(Sources sources) : IAsyncDisposable
{
    /// <summary>Members or owners of shards have changed.</summary>
    public const int Changed = 1;

    /// <summary>The journal has grown.</summary>
    public const int Written = 2;

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    // Of this store, so that it does not wake itself.
    private readonly string _name = Guid.NewGuid().ToString("N");
    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _wake = new(0);
    private Task _running = Task.CompletedTask;
    private int _given;
    private volatile bool _started;

    /// <summary>Begins to listen and to tell. A store that nobody shares does neither.</summary>
    public void Start(Action changed, Action written)
    {
        _started = true;
        _running = Task.WhenAll(Task.Run(() => ListenAsync(changed, written)), Task.Run(TellAsync));
    }

    /// <summary>Has the others told soon; many hints at once are told once.</summary>
    public void Give(int hint)
    {
        if (_started && Interlocked.Or(ref _given, hint) == 0)
        {
            _wake.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _running;
        _closing.Dispose();
        _wake.Dispose();
    }

    private Task ListenAsync(Action changed, Action written) => KeepAsync(async connection =>
    {
        connection.Notification += (_, told) =>
        {
            if (told.Payload.Split(' ') is [var name, var hint] && name != _name)
            {
                (hint == "1" ? changed : written)();
            }
        };
        await using (var listen = new NpgsqlCommand("LISTEN agentcluster", connection))
        {
            await listen.ExecuteNonQueryAsync(_closing.Token);
        }

        // What was told while nobody listened is looked for once.
        changed();
        written();
        while (true)
        {
            await connection.WaitAsync(_closing.Token);
        }
    });

    private Task TellAsync() => KeepAsync(async connection =>
    {
        while (true)
        {
            await _wake.WaitAsync(_closing.Token);
            var given = Interlocked.Exchange(ref _given, 0);
            foreach (var hint in ((int[])[Changed, Written]).Where(hint => (given & hint) != 0))
            {
                await using var tell = new NpgsqlCommand("SELECT pg_notify('agentcluster', $1)", connection)
                {
                    Parameters = { new() { Value = $"{_name} {hint}" } },
                };
                await tell.ExecuteNonQueryAsync(_closing.Token);
            }

            await Task.Delay(Between, _closing.Token);
        }
    });

    private async Task KeepAsync(Func<NpgsqlConnection, Task> use)
    {
        while (true)
        {
            try
            {
                await using var connection = await sources.Hints.OpenConnectionAsync(_closing.Token);
                await use(connection);
            }
            catch (OperationCanceledException) when (_closing.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (PostgresError.IsOfStore(error))
            {
                // Everybody also looks by themselves; until there is a connection again, only that.
                if (!await RestAsync())
                {
                    return;
                }
            }
        }
    }

    private async Task<bool> RestAsync()
    {
        try
        {
            await Task.Delay(AfterFailure, _closing.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
