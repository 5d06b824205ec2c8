using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace AgentCluster.SystemTests.Clusters;

/// <summary>Stands in front of a port of this machine: passes on what comes, in the way of who derives from it, or lets nobody through.</summary>
internal abstract class LoopbackProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<TcpClient, bool> _open = [];
    private readonly int _target;
    private readonly Task _accepting;

    protected LoopbackProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Nobody is let through.</summary>
    public bool IsAway { get; private set; }

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

    /// <summary>Passes on until one of the two has hung up; both are closed behind it.</summary>
    protected abstract Task PassAsync(TcpClient caller, TcpClient target);

    /// <summary>Connects to what it stands in front of.</summary>
    protected virtual async Task<TcpClient> ConnectAsync()
    {
        var target = new TcpClient();
        try
        {
            await target.ConnectAsync(IPAddress.Loopback, _target);
            return target;
        }
        catch
        {
            target.Dispose();
            throw;
        }
    }

    /// <summary>Passes one direction on to its end, or to the first piece that is the last.</summary>
    protected static async Task CopyAsync(TcpClient from, TcpClient to, Func<int, Passing> passing)
    {
        var (source, sink, buffer) = (from.GetStream(), to.GetStream(), new byte[65_536]);
        for (int read; (read = await source.ReadAsync(buffer)) > 0;)
        {
            var how = passing(read);
            if (how != Passing.Swallowed)
            {
                await sink.WriteAsync(buffer.AsMemory(0, read));
            }

            if (how == Passing.Last)
            {
                return;
            }
        }
    }

    private async Task AcceptAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                var caller = await _listener.AcceptTcpClientAsync(_closing.Token);
                if (IsAway)
                {
                    caller.Close();
                }
                else
                {
                    _ = LetThroughAsync(caller);
                }
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task LetThroughAsync(TcpClient caller)
    {
        caller.NoDelay = true;
        _open[caller] = true;
        try
        {
            using var target = await ConnectAsync();
            target.NoDelay = true;
            await PassAsync(caller, target);
        }
        catch (Exception ended) when (ended is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // One of the two has gone.
        }
        finally
        {
            _open.TryRemove(caller, out _);
            caller.Dispose();
        }
    }

    /// <summary>What becomes of a piece of what is passed on.</summary>
    protected enum Passing
    {
        On,
        Swallowed,

        /// <summary>Passed on, and nothing behind it.</summary>
        Last,
    }
}
