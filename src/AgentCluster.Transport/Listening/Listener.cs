using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using AgentCluster.Runtime.Ports;
using AgentCluster.Transport.Connections;
using AgentCluster.Transport.Frames;
using AgentCluster.Transport.Handshakes;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Transport.Listening;

/// <summary>The cluster port: takes connections, and serves those of nodes of this cluster. Everybody else hears nothing.</summary>
internal sealed class Listener : IAsyncDisposable
{
    private const int Backlog = 256;
    private readonly TransportOptions _options;
    private readonly ClusterProof _proof;
    private readonly TransportCounts _counts;
    private readonly ILogger _log;
    private readonly TimeProvider _clock;
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stopped = new();
    private int _connections;

    public Listener(TransportOptions options, ClusterProof proof, TransportCounts counts, TimeProvider clock, ILogger log)
    {
        (_options, _proof, _counts, _clock, _log) = (options, proof, counts, clock, log);
        _socket = new(options.Listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _socket.Bind(options.Listen);
            _socket.Listen(Backlog);
        }
        catch (SocketException taken)
        {
            _socket.Dispose();
            throw new IOException($"The cluster port {options.Listen} cannot be listened on: {taken.Message}", taken);
        }
    }

    /// <summary>Where it listens, with the port that was taken.</summary>
    public IPEndPoint EndPoint => (IPEndPoint)_socket.LocalEndPoint!;

    /// <summary>Takes connections from here on.</summary>
    public void Start(IService service) => _ = AcceptAsync(service);

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        _socket.Dispose();
    }

    private async Task AcceptAsync(IService service)
    {
        while (!_stopped.IsCancellationRequested)
        {
            try
            {
                var socket = await _socket.AcceptAsync(_stopped.Token);
                if (Interlocked.Increment(ref _connections) > _options.MaxConnections)
                {
                    Leave(socket);
                    _counts.Refused.Add();
                }
                else
                {
                    _ = ServeAsync(socket, service);
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception failed) when (failed is SocketException or ObjectDisposedException)
            {
                if (!_stopped.IsCancellationRequested)
                {
                    // Out of file handles, for example: others hang up meanwhile.
                    _log.AcceptFailed(failed.Message);
                    await Task.Delay(_options.ConnectWithin / 10, _clock);
                }
            }
        }
    }

    private async Task ServeAsync(Socket socket, IService service)
    {
        try
        {
            StreamPipe pipe;
            using (var patience = new CancellationTokenSource(_options.ConnectWithin, _clock))
            using (var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _stopped.Token))
            {
                pipe = await StreamPipe.OfCallerAsync(socket, _options.Tls, either.Token);
                await Handshake.AnswerAsync(pipe, _proof, service.Incarnation, either.Token);
            }

            using var caller = new Caller(pipe, service, _options);
            await caller.RunAsync(_stopped.Token);
        }
        catch (Exception refused) when (refused is HandshakeException or FrameException or AuthenticationException)
        {
            _counts.Refused.Add();
            _log.CallerRefused((socket.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? "somewhere", refused.Message);
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // It hung up, or said nothing.
        }
#pragma warning disable CA1031 // Nobody awaits this; one connection ends, and the bug is seen.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            _log.ServingFailed(bug);
        }
        finally
        {
            Leave(socket);
        }
    }

    private void Leave(Socket socket)
    {
        socket.Dispose();
        Interlocked.Decrement(ref _connections);
    }
}
