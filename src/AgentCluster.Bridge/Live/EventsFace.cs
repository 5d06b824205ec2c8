using AgentCluster.Actors;
using AgentCluster.Bridge.Handles;
using AgentCluster.Bridge.Http;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Domain;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Bridge.Live;

/// <summary>
/// Offers the live feed as server-sent events and over WebSockets. Not operations like the others: they are answered for
/// as long as anybody listens.
/// </summary>
/// <param name="http">Reads the head.</param>
/// <param name="feed">What is offered.</param>
/// <param name="callers">Knows whether who listens may do so still.</param>
/// <param name="clock">Times the signs of life.</param>
/// <param name="most">How many may listen at a time.</param>
/// <param name="log">Hears of bugs.</param>
internal sealed class EventsFace(HttpFace http, LiveFeed feed, Callers callers, TimeProvider clock, int most, ILogger log)
{
    private const string LastEventId = "Last-Event-ID";
    private const int RetryAfterSeconds = 5;
    private static readonly TimeSpan BetweenSigns = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan BetweenChecks = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private int _listening;

    /// <summary>Answers <c>GET /api/v1/events/</c>.</summary>
    public RequestDelegate Sse => context => ServeAsync(context, _ => null, SseStream.OpenAsync);

    /// <summary>Answers <c>GET /api/v1/events/ws</c>.</summary>
    public RequestDelegate WebSocket => context => ServeAsync(context, CheckHandshake, SocketStream.OpenAsync);

    private static Problem? CheckHandshake(HttpContext context) => context.WebSockets.IsWebSocketRequest
        ? null
        : Problem.Invalid("Upgrade", "must be a WebSocket handshake; server-sent events are at /api/v1/events/.");

    private async Task ServeAsync(
        HttpContext context, Func<HttpContext, Problem?> check, Func<HttpContext, Subscription, Task<IEventStream>> open)
    {
        Subscription? subscription = null;
        try
        {
            await http.Guarded(async request =>
            {
                var (answer, begun) = await SubscribeAsync(request, check);
                subscription = begun;
                return answer;
            })(context);
            if (subscription is not null)
            {
                await using var stream = await open(context, subscription);
                _ = RequestHead.TryReadBearer(context.Request, out var presented);
                await PumpAsync(subscription, stream, presented);
            }
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or System.Net.WebSockets.WebSocketException || context.RequestAborted.IsCancellationRequested)
        {
            // Nobody listens any more.
        }
#pragma warning disable CA1031 // The answer has begun: all that is left is to end it, and to say why in the log.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            log.StreamFailed(bug, context.TraceIdentifier);
            context.Abort();
        }
        finally
        {
            if (subscription is not null)
            {
                subscription.Dispose();
                Interlocked.Decrement(ref _listening);
            }
        }
    }

    private async ValueTask<(Answer Answer, Subscription? Subscription)> SubscribeAsync(
        HttpContext context, Func<HttpContext, Problem?> check)
    {
        var (request, wrong) = HttpFace.ReadQuery(context.Request, EventsRequest.Shape);
        wrong ??= check(context);
        wrong ??= request!.TryReadChannels(out _);
        wrong ??= TryReadCursor(context.Request, request!, out _);
        if (wrong is not null)
        {
            return (wrong, null);
        }

        var (refused, call) = HttpFace.ReadHead(context.Request, [], key: null);
        if ((refused ?? await http.RefuseAsync(EventsRoutes.Name, request!, call)) is { } outside)
        {
            return (outside, null);
        }

        if (Interlocked.Increment(ref _listening) > most)
        {
            Interlocked.Decrement(ref _listening);
            return (Unanswered.NotDone(
                ProblemKind.Overloaded, $"Expected at most {most} connections that wait for events, found as many.", RetryAfterSeconds), null);
        }

        var isListening = false;
        try
        {
            var answer = await SubscribeAsync(context, request!);
            isListening = answer.Subscription is not null;
            return answer;
        }
        finally
        {
            if (!isListening)
            {
                Interlocked.Decrement(ref _listening);
            }
        }
    }

    private async ValueTask<(Answer Answer, Subscription? Subscription)> SubscribeAsync(HttpContext context, EventsRequest request)
    {
        _ = request.TryReadChannels(out var channels);
        _ = TryReadCursor(context.Request, request, out var text);
        var after = text is null ? null : CursorText.Read(text);
        if (text is not null && after is null)
        {
            return (Gone(await feed.HeadAsync(context.RequestAborted)), null);
        }

        var (subscription, head) = await feed.SubscribeAsync(after, channels, context.RequestAborted);
        return subscription is null ? (Gone(head), null) : (new(StatusCodes.Status200OK, null), subscription);
    }

    private static Problem Gone(JournalHead head)
    {
        var taken = new long[head.Cursor.Shards];
        for (var shard = 0; shard < taken.Length; shard++)
        {
            taken[shard] = head.Cursor[shard];
        }

        return new(
            ProblemKind.CursorGone,
            "Expected a cursor of an event of this journal, found one that it does not know.",
            ("restart_cursor", CursorText.Write(head.Generation, taken)));
    }

    /// <summary>A browser that comes back repeats the address that it began with, and says in the header how far it came.</summary>
    private static Problem? TryReadCursor(HttpRequest http, EventsRequest request, out string? text)
    {
        var header = http.Headers[LastEventId];
        var name = header.Count > 0 ? LastEventId : "after";
        text = header.Count > 0 ? header.ToString() : request.After;
        return text is null || CursorText.IsFormed(text)
            ? null
            : Problem.Invalid(name, $"must be the cursor of an event: letters, digits, '-' and '_', at most {CursorText.Longest} of them.");
    }

    private async Task PumpAsync(Subscription subscription, IEventStream stream, Secret? presented)
    {
        List<Frame> frames = [];
        var (said, asked) = (clock.GetTimestamp(), clock.GetTimestamp());
        while (true)
        {
            var patience = presented is null ? BetweenSigns - clock.GetElapsedTime(said) : BetweenChecks;
            var state = await NextAsync(subscription, frames, patience > TimeSpan.Zero ? patience : TimeSpan.Zero, stream.Gone);
            if (presented is not null && clock.GetElapsedTime(asked) >= BetweenChecks)
            {
                // A key that was revoked is worth nothing within a second, also to who came before.
                state = await callers.IsStillGoodAsync(presented) ? state : SubscriptionState.Revoked;
                asked = clock.GetTimestamp();
            }

            if (state == SubscriptionState.Revoked)
            {
                frames.Clear();
            }

            if (frames.Count > 0)
            {
                await stream.SendAsync(frames);
                said = clock.GetTimestamp();
            }
            else if (clock.GetElapsedTime(said) >= BetweenSigns)
            {
                await stream.SignAsync();
                said = clock.GetTimestamp();
            }

            if (state != SubscriptionState.Open)
            {
                await stream.CloseAsync(state);
                return;
            }
        }
    }

    private async ValueTask<SubscriptionState> NextAsync(
        Subscription subscription, List<Frame> frames, TimeSpan patience, CancellationToken gone)
    {
        try
        {
            return await subscription.NextAsync(frames, patience, gone);
        }
        catch (StoreUnavailableException)
        {
            await Task.Delay(AfterFailure, clock, gone);
            return SubscriptionState.Open;
        }
    }
}
