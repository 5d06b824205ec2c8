using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace AgentCluster.Bridge.Live;

/// <summary>Server-sent events. Headers and a first comment go out at once, so that nobody waits for an event to know that it listens.</summary>
internal sealed class SseStream : IEventStream
{
    private const int RetryMilliseconds = 2_000;

    private readonly HttpContext _context;
    private readonly Subscription _subscription;

    private SseStream(HttpContext context, Subscription subscription) => (_context, _subscription) = (context, subscription);

    /// <inheritdoc/>
    public CancellationToken Gone => _context.RequestAborted;

    /// <summary>Begins the answer. The first id is the cursor to come back with when no event was heard.</summary>
    public static async Task<IEventStream> OpenAsync(HttpContext context, Subscription subscription)
    {
        var stream = new SseStream(context, subscription);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        await stream.WriteAsync(string.Create(
            CultureInfo.InvariantCulture, $": listening\nretry: {RetryMilliseconds}\nid: {subscription.StartText}\n\n"));
        return stream;
    }

    /// <inheritdoc/>
    public ValueTask SendAsync(IReadOnlyList<Frame> frames)
    {
        foreach (var frame in frames)
        {
            _context.Response.BodyWriter.Write(frame.Sse.Span);
        }

        return FlushAsync();
    }

    /// <inheritdoc/>
    public ValueTask SignAsync() => WriteAsync(":\n\n");

    /// <inheritdoc/>
    public ValueTask CloseAsync(SubscriptionState state) => WriteAsync(state switch
    {
        SubscriptionState.Behind => ": too slow; come back with the last id\n\n",
        SubscriptionState.Stopped => ": the node stops; come back with the last id\n\n",
        _ => ": the key or handle is not good any more\n\n",
    });

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private ValueTask WriteAsync(string text)
    {
        _context.Response.BodyWriter.Write(Encoding.UTF8.GetBytes(text));
        return FlushAsync();
    }

    private async ValueTask FlushAsync()
    {
        var flush = _context.Response.BodyWriter.FlushAsync(_context.RequestAborted);
        if (!flush.IsCompleted && await Task.WhenAny(flush.AsTask(), _subscription.Cut) == _subscription.Cut && !flush.IsCompleted)
        {
            _context.Abort();
            throw new OperationCanceledException("The consumer takes nothing.");
        }
    }
}
