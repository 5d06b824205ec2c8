using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace AgentCluster.Cli.Nodes;

/// <summary>
/// Asks one node. A write carries a key, so it is sent again when the node was away or could not say what became of it: the
/// node does it once and answers alike.
/// </summary>
/// <param name="target">Which node, as whom, and for how long.</param>
/// <param name="say">Tells people why it takes long.</param>
internal sealed class NodeClient(Target target, Action<string> say) : IDisposable
{
    private const int MostTries = 8;
    private const int SilentTries = 3;

    // From the node asked to the owner, and once more when the shard has moved meanwhile.
    private const int MostHops = 2;
    private const int MostAnswerBytes = 64 * 1024 * 1024;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http = Open(target);

    /// <summary>A client that shows the target's secret, follows nobody elsewhere with it, and has no patience of its own.</summary>
    /// <param name="target">As whom.</param>
    public static HttpClient Open(Target target)
    {
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MostAnswerBytes,
        };
        http.DefaultRequestHeaders.Authorization = target.Key is { } key ? new AuthenticationHeaderValue("Bearer", key) : null;
        return http;
    }

    /// <summary>Says that the address is none.</summary>
    public static NodeAnswer WrongAddress(Target target) => NodeAnswer.Without(
        ExitCodes.Usage, $"--node: expected an address such as http://127.0.0.1:5080, found '{target.Address}'.");

    /// <summary>Sends a request and waits for its answer.</summary>
    /// <param name="request">What to ask.</param>
    /// <param name="cancellationToken">Interrupts the waiting; what was asked may still be done.</param>
    public async Task<NodeAnswer> SendAsync(NodeRequest request, CancellationToken cancellationToken)
    {
        if (target.Node is not { } node)
        {
            return WrongAddress(target);
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(target.Patience);
        var tried = new Tried(NodeAnswer.Without(ExitCodes.Unreachable), null, IsUnknown: false);
        var isUnknown = false;
        try
        {
            for (var tries = 1; ; tries++)
            {
                tried = await TryAsync(node, request, patience.Token);
                for (var hops = 0; tried.Elsewhere is { } owner && hops < MostHops; hops++)
                {
                    tried = await TryAsync(owner, request, patience.Token);
                }

                isUnknown |= tried.IsUnknown;
                if (tried.RepeatAfter is not { } told || !request.IsRepeated || tries == MostTries)
                {
                    break;
                }

                if (tries == SilentTries + 1)
                {
                    say($"{tried.Answer.Words[0]} Trying again.");
                }

                await Task.Delay(told > TimeSpan.Zero ? told : Pause(tries), patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            isUnknown = true;
            tried = tried with
            {
                Answer = NodeAnswer.Without(
                    ExitCodes.Unreachable,
                    [.. tried.Answer.Words, string.Create(CultureInfo.InvariantCulture, $"{node} did not answer within {target.Patience.TotalSeconds} s.")]),
                RepeatAfter = TimeSpan.Zero,
            };
        }

        return tried.RepeatAfter is null || !isUnknown || request.IdempotencyKey is not { } key ? tried.Answer : tried.Answer with
        {
            Words = [.. tried.Answer.Words, $"It is not known whether it was done. The same command with --idempotency-key {key} finds out, and does nothing twice."],
        };
    }

    public void Dispose() => _http.Dispose();

    private static TimeSpan Pause(int tries) => TimeSpan.FromTicks(Math.Min(FirstPause.Ticks << tries, LongestPause.Ticks));

    private async Task<Tried> TryAsync(Uri node, NodeRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using var message = new HttpRequestMessage(request.Method, new Uri(node, request.Path));
            message.Content = request.Content?.Invoke()
                ?? (request.Body is { } body ? new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") : null);
            if (request.IdempotencyKey is { } key)
            {
                message.Headers.Add("Idempotency-Key", key);
            }

            using var response = await _http.SendAsync(message, cancellationToken);
            if (response is { StatusCode: HttpStatusCode.TemporaryRedirect, Headers.Location: { IsAbsoluteUri: true } owner } && owner.Scheme == node.Scheme)
            {
                return new(
                    NodeAnswer.Without(ExitCodes.Unreachable, $"{node} says that {owner.GetLeftPart(UriPartial.Authority)} knows, which says otherwise: shards are moving."),
                    TimeSpan.Zero,
                    IsUnknown: false,
                    new(owner.GetLeftPart(UriPartial.Authority)));
            }

            return await ReadAsync(response, cancellationToken);
        }
        catch (HttpRequestException error)
        {
            var isRefused = error.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound };
            return new(
                NodeAnswer.Without(ExitCodes.Unreachable, $"{node} cannot be reached: {error.Message} Is the node running?"),
                TimeSpan.Zero,
                IsUnknown: !isRefused);
        }
        catch (JsonException)
        {
            return new(
                NodeAnswer.Without(ExitCodes.Failed, $"{node} answered something that is not JSON: is it an AgentCluster node?"),
                null,
                IsUnknown: false);
        }
    }

    private static async Task<Tried> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.NoContent)
        {
            return new(NodeAnswer.Without(ExitCodes.Done), null, IsUnknown: false);
        }

        using var body = await JsonDocument.ParseAsync(
            await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
        var answer = body.RootElement.Clone();
        if (response.IsSuccessStatusCode)
        {
            return new(new(ExitCodes.Done, answer, []), null, IsUnknown: false);
        }

        var status = (int)response.StatusCode;
        var isLater = response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests;
        return new(
            NodeAnswer.Without(ExitCodes.Of(status), Refusal.Words(answer, status)),
            isLater ? response.Headers.RetryAfter?.Delta ?? TimeSpan.Zero : null,
            IsUnknown: isLater && answer.ValueKind == JsonValueKind.Object
                && answer.TryGetProperty("outcome", out var outcome) && outcome.ValueEquals("unknown"));
    }

    /// <param name="Answer">What to tell if this was the last try.</param>
    /// <param name="RepeatAfter">The least time until another try; null when none would help.</param>
    /// <param name="IsUnknown">Whether it may have been done.</param>
    /// <param name="Elsewhere">The node to ask instead.</param>
    private sealed record Tried(NodeAnswer Answer, TimeSpan? RepeatAfter, bool IsUnknown, Uri? Elsewhere = null);
}
