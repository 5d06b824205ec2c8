using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace AgentCluster.Bridge.Live;

/// <summary>Events over a WebSocket, a text message each. The protocol's own pings are the signs of life.</summary>
internal sealed class SocketStream : IEventStream
{
    private const WebSocketCloseStatus TryAgainLater = (WebSocketCloseStatus)1013;
    private const int LongestMessage = 64 * 1024;
    private static readonly TimeSpan ClosesWithin = TimeSpan.FromSeconds(2);

    private readonly HttpContext _context;
    private readonly WebSocket _socket;
    private readonly Subscription _subscription;
    private readonly CancellationTokenSource _gone;
    private readonly Task _listening;

    private SocketStream(HttpContext context, WebSocket socket, Subscription subscription)
    {
        (_context, _socket, _subscription) = (context, socket, subscription);
        _gone = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        _listening = ListenAsync();
    }

    /// <inheritdoc/>
    public CancellationToken Gone => _gone.Token;

    /// <summary>Shakes hands, and says the cursor to come back with when no event was heard.</summary>
    public static async Task<IEventStream> OpenAsync(HttpContext context, Subscription subscription)
    {
        var stream = new SocketStream(context, await context.WebSockets.AcceptWebSocketAsync(), subscription);
        await stream.SendAsync(Encoding.UTF8.GetBytes($$"""{"cursor":"{{subscription.StartText}}","name":"hello","channel":null,"at":null,"data":{} }"""));
        return stream;
    }

    /// <inheritdoc/>
    public async ValueTask SendAsync(IReadOnlyList<Frame> frames)
    {
        foreach (var frame in frames)
        {
            await SendAsync(frame.Json);
        }
    }

    /// <inheritdoc/>
    public ValueTask SignAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask CloseAsync(SubscriptionState state)
    {
        using var patience = new CancellationTokenSource(ClosesWithin);
        var (status, why) = state switch
        {
            SubscriptionState.Behind => (TryAgainLater, "too slow; come back with the last cursor"),
            SubscriptionState.Stopped => (WebSocketCloseStatus.EndpointUnavailable, "the node stops; come back with the last cursor"),
            _ => (WebSocketCloseStatus.PolicyViolation, "the key or handle is not good any more"),
        };
        await _socket.CloseOutputAsync(status, why, patience.Token);
        await Task.WhenAny(_listening, Task.Delay(ClosesWithin, patience.Token));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _socket.Abort();
        await _listening;
        _socket.Dispose();
        _gone.Dispose();
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> message)
    {
        var sending = _socket.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, Gone);
        if (sending.IsCompleted)
        {
            await sending;
            return;
        }

        var sent = sending.AsTask();
        if (await Task.WhenAny(sent, _subscription.Cut) != sent && !sent.IsCompleted)
        {
            _context.Abort();
            throw new OperationCanceledException("The consumer takes nothing.");
        }

        await sent;
    }

    /// <summary>Nothing is expected from the other side but that it closes. What it says all the same is passed over, up to a bound.</summary>
    private async Task ListenAsync()
    {
        var heard = new byte[4_096];
        var length = 0;
        try
        {
            while (true)
            {
                var part = await _socket.ReceiveAsync(heard.AsMemory(), _context.RequestAborted);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    await CloseBackAsync(WebSocketCloseStatus.NormalClosure);
                    break;
                }

                length = part.EndOfMessage ? 0 : length + part.Count;
                if (length > LongestMessage)
                {
                    await CloseBackAsync(WebSocketCloseStatus.MessageTooBig);
                    break;
                }
            }
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The other side is gone.
        }

        await _gone.CancelAsync();
    }

    private async Task CloseBackAsync(WebSocketCloseStatus status)
    {
        if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            await _socket.CloseOutputAsync(status, null, _context.RequestAborted);
        }
    }
}
