using System.Text.Json;

namespace AgentCluster.Tests.Bridge.Live;

/// <summary>A consumer of server-sent events.</summary>
internal sealed class EventReader : IDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;
    private bool _hasEnded;

    private EventReader(HttpResponseMessage response, Stream stream) => (_response, _lines) = (response, new(stream));

    /// <summary>The last id that came.</summary>
    public string? LastId { get; private set; }

    /// <summary>All comments that came.</summary>
    public List<string> Comments { get; } = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Listens; the first block has been read when this returns.</summary>
    public static async Task<EventReader> OpenAsync(BridgeUnderTest bridge, string query = "", string? lastId = null, string? bearer = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/events/" + query);
        if (lastId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastId);
        }

        if (bearer is not null)
        {
            request.Headers.Authorization = new("Bearer", bearer);
        }

        var response = await bridge.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal((200, "text/event-stream"), ((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        var reader = new EventReader(response, await response.Content.ReadAsStreamAsync(Token));
        Assert.Null(await reader.BlockAsync());
        return reader;
    }

    /// <summary>The next event; null when the stream has ended.</summary>
    public async Task<JsonElement?> NextAsync()
    {
        while (true)
        {
            var data = await BlockAsync();
            if (data is null && _hasEnded)
            {
                return null;
            }

            if (data is not null)
            {
                var told = JsonDocument.Parse(data).RootElement;
                Assert.Equal(LastId, told.GetProperty("cursor").GetString());
                return told;
            }
        }
    }

    /// <summary>The next events.</summary>
    public async Task<List<JsonElement>> TakeAsync(int count)
    {
        List<JsonElement> told = [];
        while (told.Count < count)
        {
            told.Add((await NextAsync())!.Value);
        }

        return told;
    }

    public void Dispose()
    {
        _lines.Dispose();
        _response.Dispose();
    }

    private async Task<string?> BlockAsync()
    {
        string? data = null;
        string? line;
        while ((line = await _lines.ReadLineAsync(Token)) is { Length: > 0 })
        {
            if (line.StartsWith(':'))
            {
                Comments.Add(line);
            }
            else if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                LastId = line[4..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                data = line[6..];
            }
        }

        _hasEnded = line is null;
        return data;
    }
}
