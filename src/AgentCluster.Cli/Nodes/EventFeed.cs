using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace AgentCluster.Cli.Nodes;

/// <summary>Follows a node's live events, and goes on where it was when the connection is lost.</summary>
/// <param name="target">Which node, as whom, and how long it may be away.</param>
internal sealed class EventFeed(Target target)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Stopwatch _away = Stopwatch.StartNew();
    private string? _last;

    /// <summary>Hands over each event until told to stop.</summary>
    /// <param name="path">Path and query, beginning with a slash.</param>
    /// <param name="heard">Gets the event as JSON; says whether to go on.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<NodeAnswer> FollowAsync(string path, Func<JsonElement, bool> heard, CancellationToken cancellationToken)
    {
        if (target.Node is not { } node)
        {
            return NodeClient.WrongAddress(target);
        }

        using var http = NodeClient.Open(target);
        while (true)
        {
            var words = $"{node} closed the connection.";
            try
            {
                if (await ConnectAsync(http, new Uri(node, path), heard, cancellationToken) is { } ended)
                {
                    return ended;
                }
            }
            catch (Exception lost) when (lost is HttpRequestException or IOException)
            {
                words = $"{node} cannot be reached: {lost.Message} Is the node running?";
            }
            catch (JsonException)
            {
                return NodeAnswer.Without(ExitCodes.Failed, $"{node} answered something that is not JSON: is it an AgentCluster node?");
            }

            // A node that was never there is told at once; one that went away may come back.
            if (_last is null || _away.Elapsed > target.Patience)
            {
                return NodeAnswer.Without(ExitCodes.Unreachable, words);
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <returns>How it ended; null when the connection did and another may go on.</returns>
    private async Task<NodeAnswer?> ConnectAsync(
        HttpClient http, Uri address, Func<JsonElement, bool> heard, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (_last is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", _last);
        }

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests)
        {
            return null;
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            using var problem = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
            return NodeAnswer.Without(ExitCodes.Of((int)response.StatusCode), Refusal.Words(problem.RootElement, (int)response.StatusCode));
        }

        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            _away.Restart();
            _last = item.EventId ?? _last;
            if (item.Data.Length > 0)
            {
                using var heardNow = JsonDocument.Parse(item.Data);
                if (!heard(heardNow.RootElement))
                {
                    return NodeAnswer.Without(ExitCodes.Done);
                }
            }
        }

        _away.Restart();
        return null;
    }
}
