using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentCluster.Cli.Nodes;

/// <summary>What became of a question to a node: its answer, or why there is none and how <c>pbm</c> ends.</summary>
/// <param name="Answer">Null when there is none.</param>
/// <param name="Words">Why there is no answer.</param>
/// <param name="ExitCode">One of <see cref="ExitCodes"/>.</param>
internal sealed record NodeAnswer(JsonElement? Answer, string? Words, int ExitCode);

/// <summary>Asks one node.</summary>
/// <param name="address">Its address, as the user wrote it.</param>
/// <param name="key">A key or a handle to show it; null for none. Never from the command line, which others can see.</param>
internal sealed class NodeClient(string address, string? key)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly JsonElement Nothing = JsonDocument.Parse("{}").RootElement;

    /// <summary>Reads from the node.</summary>
    /// <param name="path">Path and query, beginning with a slash.</param>
    /// <param name="cancellationToken">Interrupts the waiting.</param>
    public Task<NodeAnswer> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, body: null, cancellationToken);

    /// <summary>Asks the node to do something.</summary>
    /// <param name="method">How.</param>
    /// <param name="path">Path and query, beginning with a slash.</param>
    /// <param name="body">A JSON object; null for none.</param>
    /// <param name="cancellationToken">Interrupts the waiting; it may be done all the same.</param>
    public async Task<NodeAnswer> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var node) || node.Scheme is not ("http" or "https"))
        {
            return new(null, $"--node: expected an address such as http://127.0.0.1:5080, found '{address}'.", ExitCodes.Usage);
        }

        using var http = new HttpClient { Timeout = Patience };
        try
        {
            using var request = Request(method, new(node, path), body);
            using var response = await http.SendAsync(request, cancellationToken);
            if (response.StatusCode == HttpStatusCode.NoContent)
            {
                return new(Nothing, null, ExitCodes.Done);
            }

            using var read = await JsonDocument.ParseAsync(
                await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken: cancellationToken);
            var answer = read.RootElement.Clone();
            return response.IsSuccessStatusCode
                ? new(answer, null, ExitCodes.Done)
                : new(null, Refusal(answer, response.StatusCode), ExitCodes.Of((int)response.StatusCode));
        }
        catch (HttpRequestException unreachable)
        {
            return new(null, $"{node} cannot be reached: {unreachable.Message} Is the node running?", ExitCodes.Unreachable);
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(null, $"{node} did not answer within {Patience.TotalSeconds} s.", ExitCodes.Unreachable);
        }
        catch (JsonException)
        {
            return new(null, $"{node} answered something that is not JSON: is it an AgentCluster node?", ExitCodes.Failed);
        }
    }

    private HttpRequestMessage Request(HttpMethod method, Uri uri, JsonObject? body)
    {
        var request = new HttpRequestMessage(method, uri);
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        return request;
    }

    private static string Refusal(JsonElement problem, HttpStatusCode status) =>
        problem.ValueKind == JsonValueKind.Object
        && problem.TryGetProperty("code", out var code)
        && problem.TryGetProperty("detail", out var detail)
            ? $"{code}: {detail}"
            : $"The node answered {(int)status}.";
}
