using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace AgentCluster.Client.Live;

/// <summary>Follows a node's live events, and goes on where it was when the connection is lost.</summary>
/// <param name="options">Which node, as whom, and how long it may be away.</param>
/// <param name="http">The connections.</param>
internal sealed class EventFeed(ClusterOptions options, HttpClient http)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private long _heardAt = options.Clock.GetTimestamp();
    private string? _last;

    /// <summary>Each event, until told to stop.</summary>
    /// <param name="path">Path and query, beginning with a slash.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<LiveEvent> FollowAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var data in DataAsync(new Uri(options.Address, path), cancellationToken))
        {
            yield return data.Deserialize(ClientJson.Default.LiveEvent)
                ?? throw new ForeignAnswerException("Expected an event, found nothing: the node may be of another version.");
        }
    }

    /// <summary>Each event as JSON, until told to stop.</summary>
    /// <param name="address">Of the feed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<JsonElement> DataAsync(Uri address, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            await using var connection = ConnectAsync(address, cancellationToken).GetAsyncEnumerator(cancellationToken);
            string? lost = null;
            while (lost is null)
            {
                try
                {
                    lost = await connection.MoveNextAsync() ? null : $"{options.Address} closed the connection.";
                }
                catch (Exception error) when (error is HttpRequestException or IOException)
                {
                    lost = $"{options.Address} cannot be reached: {error.Message} Is the node running?";
                }
                catch (JsonException)
                {
                    throw new ForeignAnswerException($"{options.Address} answered something that is not JSON: is it an AgentCluster node?");
                }

                if (lost is null)
                {
                    yield return connection.Current;
                }
            }

            // A node that was never there is told at once; one that went away may come back.
            if (_last is null || options.Clock.GetElapsedTime(_heardAt) > options.Patience)
            {
                throw new NodeAwayException(lost, isUnknown: false, idempotencyKey: null);
            }

            await Task.Delay(Pause, options.Clock, cancellationToken);
        }
    }

    /// <summary>What one connection brings.</summary>
    private async IAsyncEnumerable<JsonElement> ConnectAsync(Uri address, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        request.Headers.Authorization = options.Secret is { } secret ? new AuthenticationHeaderValue("Bearer", secret) : null;
        if (_last is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", _last);
        }

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests)
        {
            yield break;
        }

        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            using var problem = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
            throw new RefusedException(Problem.Of((int)response.StatusCode, problem.RootElement.Clone()));
        }

        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            _heardAt = options.Clock.GetTimestamp();
            _last = item.EventId ?? _last;
            if (item.Data.Length > 0)
            {
                using var heard = JsonDocument.Parse(item.Data);
                yield return heard.RootElement.Clone();
            }
        }

        _heardAt = options.Clock.GetTimestamp();
    }
}
