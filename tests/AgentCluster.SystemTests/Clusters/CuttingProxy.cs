using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AgentCluster.SystemTests.Clusters;

/// <summary>Stands between nodes and their database: passes everything on, cuts connections right behind what was sent, or lets nobody through.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<TcpClient, bool> _open = [];
    private readonly int _database;
    private readonly Task _accepting;
    private int _left;
    private int _cuts;

    public CuttingProxy(int database)
    {
        _database = database;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections were cut behind a statement that the database had got whole.</summary>
    public int Cuts => Volatile.Read(ref _cuts);

    /// <summary>The database is away: nobody is let through.</summary>
    public bool IsAway { get; private set; }

    /// <summary>After how many large messages of nodes the connection is cut, the message passed on and its answer lost; 0 for never.</summary>
    public int CutEvery { get; set; }

    /// <summary>Ends every connection, and lets nobody through until <see cref="Return"/>.</summary>
    public void GoAway()
    {
        IsAway = true;
        foreach (var connection in _open.Keys)
        {
            connection.Close();
        }
    }

    public void Return() => IsAway = false;

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        GoAway();
        await _accepting;
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                var node = await _listener.AcceptTcpClientAsync(_closing.Token);
                _ = IsAway ? Refuse(node) : PassAsync(node);
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private static Task Refuse(TcpClient node)
    {
        node.Close();
        return Task.CompletedTask;
    }

    private async Task PassAsync(TcpClient node)
    {
        using var database = new TcpClient { NoDelay = true };
        node.NoDelay = true;
        _open[node] = true;
        try
        {
            await database.ConnectAsync(IPAddress.Loopback, _database);
            var answers = CopyAsync(database.GetStream(), node.GetStream(), _ => false);
            await CopyAsync(node.GetStream(), database.GetStream(), IsCut);
            node.Close();

            // What was sent is read to its end: the database must not learn of the cut before it has done what it was asked.
            database.Client.Shutdown(SocketShutdown.Send);
            await answers;
        }
        catch (Exception ended) when (ended is IOException or SocketException or ObjectDisposedException)
        {
            // One of the two has gone.
        }
        finally
        {
            _open.TryRemove(node, out _);
            node.Dispose();
        }
    }

    /// <summary>Whether the connection ends behind this message. A commit is the largest that nodes send.</summary>
    private bool IsCut(int bytes)
    {
        if (CutEvery == 0 || bytes < 400 || Interlocked.Increment(ref _left) % CutEvery != 0)
        {
            return false;
        }

        Interlocked.Increment(ref _cuts);
        return true;
    }

    private static async Task CopyAsync(NetworkStream from, NetworkStream to, Func<int, bool> isLast)
    {
        var buffer = new byte[65_536];
        int read;
        while ((read = await from.ReadAsync(buffer)) > 0)
        {
            await to.WriteAsync(buffer.AsMemory(0, read));
            if (isLast(read))
            {
                return;
            }
        }
    }

    /// <summary>The address of a database, by way of this.</summary>
    public string Through(string address) => address.Replace(
        string.Create(CultureInfo.InvariantCulture, $"Port={_database}"), string.Create(CultureInfo.InvariantCulture, $"Port={Port}"), StringComparison.Ordinal);
}
