using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace AgentCluster.Client.Calls;

/// <summary>
/// Asks a node. A write carries a key, so it is sent again when the node was away or could not say what became of it: the
/// node does it once and answers alike.
/// </summary>
internal sealed class Sender(ClusterOptions options) : IDisposable
{
    private const int MostTries = 8;
    private const int SilentTries = 3;

    // From the node asked to the owner, and once more when the shard has moved meanwhile.
    private const int MostHops = 2;
    private const int MostAnswerBytes = 64 * 1024 * 1024;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    public HttpClient Http { get; } = new(options.Handler ?? new SocketsHttpHandler { AllowAutoRedirect = false }, disposeHandler: options.Handler is null)
    {
        Timeout = Timeout.InfiniteTimeSpan,
        MaxResponseContentBufferSize = MostAnswerBytes,
    };

    /// <summary>Sends a request, and again while that is of use, and waits for its answer.</summary>
    /// <param name="request">What to ask.</param>
    /// <param name="secret">To show; null for none.</param>
    /// <param name="cancellationToken">Interrupts the waiting; what was asked may still be done.</param>
    public async Task<Outcome> SendAsync(NodeRequest request, string? secret, CancellationToken cancellationToken)
    {
        using var time = new CancellationTokenSource(options.Patience + request.Wait, options.Clock);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, time.Token);
        Outcome last = new Outcome.Away();
        var isUnknown = false;
        try
        {
            for (var tries = 1; ; tries++)
            {
                var tried = await LedAsync(request, secret, patience.Token);
                last = tried.Outcome;
                isUnknown |= last.IsUnknown;
                if (tried.RepeatAfter is not { } told)
                {
                    return last with { IsUnknown = false };
                }

                if (!request.IsRepeated || tries == MostTries)
                {
                    return last with { IsUnknown = isUnknown };
                }

                if (tries == SilentTries + 1)
                {
                    options.Delayed?.Invoke($"{Line(last)} Trying again.");
                }

                await Task.Delay(told > TimeSpan.Zero ? told : Pause(tries), options.Clock, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            var late = string.Create(
                CultureInfo.InvariantCulture, $"{options.Address} did not answer within {(options.Patience + request.Wait).TotalSeconds} s.");
            return new Outcome.Away([.. Lines(last), late]) { IsUnknown = true };
        }
    }

    public void Dispose() => Http.Dispose();

    /// <summary>What a node's refusal says, in a line.</summary>
    private static string Line(Outcome outcome) => Lines(outcome).FirstOrDefault("The node is away.");

    private static IReadOnlyList<string> Lines(Outcome outcome) => outcome switch
    {
        Outcome.Away away => away.Words,
        Outcome.Refused { Problem: var problem } => [problem.Words],
        _ => [],
    };

    private static TimeSpan Pause(int tries) => TimeSpan.FromTicks(Math.Min(FirstPause.Ticks << tries, LongestPause.Ticks));

    private async Task<Tried> LedAsync(NodeRequest request, string? secret, CancellationToken cancellationToken)
    {
        var tried = await TryAsync(options.Address, request, secret, cancellationToken);
        for (var hops = 0; tried.Elsewhere is { } owner && hops < MostHops; hops++)
        {
            tried = await TryAsync(owner, request, secret, cancellationToken);
        }

        return tried;
    }

    private async Task<Tried> TryAsync(Uri node, NodeRequest request, string? secret, CancellationToken cancellationToken)
    {
        try
        {
            using var message = new HttpRequestMessage(request.Method, new Uri(node, request.Path));
            message.Content = request.Content?.Invoke()
                ?? (request.Body is { } body ? new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") : null);
            message.Headers.Authorization = secret is null ? null : new AuthenticationHeaderValue("Bearer", secret);
            if (request.IdempotencyKey is { } key)
            {
                message.Headers.Add("Idempotency-Key", key);
            }

            using var response = await Http.SendAsync(message, cancellationToken);
            if (response is { StatusCode: HttpStatusCode.TemporaryRedirect, Headers.Location: { IsAbsoluteUri: true } owner } && owner.Scheme == node.Scheme)
            {
                var address = owner.GetLeftPart(UriPartial.Authority);
                return new(
                    new Outcome.Away($"{node} says that {address} knows, which says otherwise: shards are moving."), TimeSpan.Zero, new(address));
            }

            return await ReadAsync(response, cancellationToken);
        }
        catch (HttpRequestException error)
        {
            var isRefused = error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound };
            return new(
                new Outcome.Away($"{node} cannot be reached: {error.Message} Is the node running?") { IsUnknown = !isRefused }, TimeSpan.Zero);
        }
        catch (JsonException)
        {
            return new(new Outcome.Foreign($"{node} answered something that is not JSON: is it an AgentCluster node?"), null);
        }
    }

    private static async Task<Tried> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.NoContent)
        {
            return new(new Outcome.Done(null), null);
        }

        using var body = await JsonDocument.ParseAsync(
            await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
        var answer = body.RootElement.Clone();
        if (response.IsSuccessStatusCode)
        {
            return new(new Outcome.Done(answer), null);
        }

        var problem = Problem.Of((int)response.StatusCode, answer);
        return response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests
            ? new(new Outcome.Refused(problem) { IsUnknown = problem.IsUnknown }, response.Headers.RetryAfter?.Delta ?? TimeSpan.Zero)
            : new(new Outcome.Refused(problem), null);
    }

    /// <param name="Outcome">What to tell if this was the last try.</param>
    /// <param name="RepeatAfter">The least time until another try; null when none would help.</param>
    /// <param name="Elsewhere">The node to ask instead.</param>
    private sealed record Tried(Outcome Outcome, TimeSpan? RepeatAfter, Uri? Elsewhere = null);
}
