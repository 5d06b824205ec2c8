using System.Net;
using System.Text;
using System.Text.Json;

namespace AgentCluster.SystemTests.Nodes;

/// <summary>An answer, read to its end.</summary>
/// <param name="Status">HTTP's.</param>
/// <param name="Body">As it came.</param>
/// <param name="Location">Of what was made, or null.</param>
/// <param name="RetryAfter">Whether it says when to come again.</param>
internal sealed record Answer(HttpStatusCode Status, string Body, string? Location, bool RetryAfter)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>Of a refusal, its stable code; else empty.</summary>
    public string Code => (int)Status >= 400 && Json.TryGetProperty("code", out var code) ? code.GetString()! : "";

    public override string ToString() => $"{(int)Status} {Location} {Body}";
}

/// <summary>Talks to one node as any program outside would.</summary>
internal sealed class NodeClient(Uri address) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 256 })
    {
        BaseAddress = address,
        Timeout = TimeSpan.FromSeconds(30),
    };

    public Task<Answer> GetAsync(string path, CancellationToken cancellationToken) =>
        SendContentAsync(HttpMethod.Get, path, null, null, cancellationToken);

    public Task<Answer> PostAsync(string path, string json, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, json, null, cancellationToken);

    public async Task<Answer> SendAsync(HttpMethod method, string path, string? json, string? key, CancellationToken cancellationToken)
    {
        using var content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        return await SendContentAsync(method, path, content, key, cancellationToken);
    }

    public async Task<Answer> SendContentAsync(HttpMethod method, string path, HttpContent? content, string? key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", key);
        }

        using var response = await _http.SendAsync(request, cancellationToken);
        return new(
            response.StatusCode,
            await response.Content.ReadAsStringAsync(cancellationToken),
            response.Headers.Location?.ToString(),
            response.Headers.RetryAfter is not null);
    }

    /// <summary>Reads a list to its end, a page at a time.</summary>
    public async Task<IReadOnlyList<JsonElement>> ListAsync(string path, CancellationToken cancellationToken)
    {
        List<JsonElement> items = [];
        while (true)
        {
            var page = await GetAsync($"{path}&limit=200&offset={items.Count}", cancellationToken);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            var json = page.Json;
            items.AddRange(json.GetProperty("items").EnumerateArray());
            if (items.Count >= json.GetProperty("total").GetInt32() || json.GetProperty("items").GetArrayLength() == 0)
            {
                return items;
            }
        }
    }

    public void Dispose() => _http.Dispose();
}
