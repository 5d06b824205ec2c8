using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AgentCluster.SystemTests.Clusters;

/// <summary>Stands in front of a node's cluster port: passes everything on, swallows one direction, or lets nobody through.</summary>
internal sealed class PeerProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentDictionary<TcpClient, bool> _open = [];
    private readonly int _node;
    private readonly Task _accepting;

    public PeerProxy(int node)
    {
        _node = node;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>What other nodes are told.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>What the node answers is taken and goes nowhere.</summary>
    public bool SwallowsAnswers { get; set; }

    /// <summary>Nobody is let through.</summary>
    public bool IsAway { get; private set; }

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
                var caller = await _listener.AcceptTcpClientAsync(_closing.Token);
                if (IsAway)
                {
                    caller.Close();
                }
                else
                {
                    _ = PassAsync(caller);
                }
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task PassAsync(TcpClient caller)
    {
        using var node = new TcpClient();
        using (caller)
        {
            _open[caller] = true;
            try
            {
                await node.ConnectAsync(IPAddress.Loopback, _node, _closing.Token);
                await await Task.WhenAny(
                    CopyAsync(caller.GetStream(), node.GetStream(), () => false), CopyAsync(node.GetStream(), caller.GetStream(), () => SwallowsAnswers));
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or IOException or ObjectDisposedException or InvalidOperationException)
            {
                // One of the two has hung up.
            }

            _open.TryRemove(caller, out _);
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, Func<bool> swallows)
    {
        var buffer = new byte[64 * 1024];
        for (int read; (read = await from.ReadAsync(buffer, _closing.Token)) > 0;)
        {
            if (!swallows())
            {
                await to.WriteAsync(buffer.AsMemory(0, read), _closing.Token);
            }
        }
    }
}
