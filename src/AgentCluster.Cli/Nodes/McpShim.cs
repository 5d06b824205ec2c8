using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentCluster.Cli.Nodes;

/// <summary>
/// Passes the messages of one client on to a node over HTTP, and back. It understands of them only what HTTP repeats in headers:
/// the revision, the session, the method and the name.
/// </summary>
/// <param name="node">The node's address.</param>
/// <param name="secret">A key or a handle; null for none.</param>
/// <param name="write">Takes a message for the client, a line.</param>
internal sealed class McpShim(Uri node, string? secret, Action<string> write) : IDisposable
{
    private const string Modern = "2026-07-28";
    private const int MostUnderWay = 64;
    private static readonly TimeSpan Parting = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _room = new(MostUnderWay);
    private volatile string? _session;
    private volatile string? _version;

    /// <summary>Passes on what comes until there is no more, and waits for what is under way.</summary>
    /// <param name="input">A message a line.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(TextReader input, CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task> underWay = [];
        while (await input.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Length == 0)
            {
                continue;
            }

            await _room.WaitAsync(cancellationToken);
            var passing = PassAsync(line, ended.Token);
            underWay.RemoveAll(each => each.IsCompleted);
            underWay.Add(passing);
            if (line.Contains("\"initialize\"", StringComparison.Ordinal))
            {
                // What follows needs the session that the answer names.
                await passing;
            }
        }

        ended.CancelAfter(Parting);
        await Task.WhenAll(underWay);
        await EndAsync();
    }

    public void Dispose()
    {
        _http.Dispose();
        _room.Dispose();
    }

    private async Task PassAsync(string line, CancellationToken cancellationToken)
    {
        JsonObject? message = null;
        try
        {
            message = JsonNode.Parse(line) as JsonObject;
            using var response = await _http.SendAsync(Request(HttpMethod.Post, line, message), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.Headers.TryGetValues("Mcp-Session-Id", out var given))
            {
                _session = given.First();
                _version = (string?)message?["params"]?["protocolVersion"];
                _ = ListenAsync(cancellationToken);
            }

            await BringBackAsync(response, message?["id"], cancellationToken);
        }
        catch (JsonException)
        {
            Fail(null, -32700, "Expected one JSON-RPC message on a line.");
        }
        catch (HttpRequestException away)
        {
            Fail(message?["id"], -32603, $"{node} cannot be reached: {away.Message} Start a node, or say where it is with --node.");
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            Fail(message?["id"], -32603, $"{node} did not answer to the end.");
        }
        finally
        {
            _room.Release();
        }
    }

    /// <summary>What the node says unasked, in a session.</summary>
    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _http.SendAsync(Request(HttpMethod.Get, null, null), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.IsSuccessStatusCode)
            {
                await BringBackAsync(response, null, cancellationToken);
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or OperationCanceledException or IOException)
        {
            // The node is gone, or the client is. Calls hear of that themselves.
        }
    }

    private async Task EndAsync()
    {
        if (_session is null)
        {
            return;
        }

        using var patience = new CancellationTokenSource(Parting);
        try
        {
            using var ended = await _http.SendAsync(Request(HttpMethod.Delete, null, null), patience.Token);
        }
        catch (Exception gone) when (gone is HttpRequestException or OperationCanceledException)
        {
            // It ends by itself in a while.
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string? body, JsonObject? message)
    {
        var request = new HttpRequestMessage(method, new Uri(node, "/mcp"));
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Accept.ParseAdd("text/event-stream");
        request.Headers.Authorization = secret is null ? null : new AuthenticationHeaderValue("Bearer", secret);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        var parameters = message?["params"] as JsonObject;
        var version = Text((parameters?["_meta"] as JsonObject)?["io.modelcontextprotocol/protocolVersion"]);
        if (version == Modern)
        {
            Add(request, "MCP-Protocol-Version", version);
            Add(request, "Mcp-Method", Text(message!["method"]));
            Add(request, "Mcp-Name", Text(parameters!["name"]) ?? Text(parameters["uri"]));
        }
        else if (Text(message?["method"]) != "initialize")
        {
            Add(request, "MCP-Protocol-Version", _version);
            Add(request, "Mcp-Session-Id", _session);
        }

        return request;
    }

    private async Task BringBackAsync(HttpResponseMessage response, JsonNode? id, CancellationToken cancellationToken)
    {
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            while (await lines.ReadLineAsync(cancellationToken) is { } line)
            {
                if (line.StartsWith("data:", StringComparison.Ordinal) && line["data:".Length..].Trim() is { Length: > 0 } data)
                {
                    Write(data);
                }
            }

            return;
        }

        var body = await lines.ReadToEndAsync(cancellationToken);
        if (body.Length == 0)
        {
            return;
        }

        if (JsonNode.Parse(body) is JsonObject answer && answer.ContainsKey("jsonrpc"))
        {
            Write(answer.ToJsonString());
        }
        else
        {
            Fail(id, -32603, $"{node} refused it: {body.ReplaceLineEndings(" ")}");
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>A name that a header cannot hold goes in base 64.</summary>
    private static void Add(HttpRequestMessage request, string header, string? value)
    {
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(
                header,
                value.All(character => character is > ' ' and <= '~') ? value : $"=?base64?{Convert.ToBase64String(Encoding.UTF8.GetBytes(value))}?=");
        }
    }

    private void Fail(JsonNode? id, int code, string words) => Write(new JsonObject
    {
        ["jsonrpc"] = "2.0",
        ["id"] = id?.DeepClone(),
        ["error"] = new JsonObject { ["code"] = code, ["message"] = words },
    }.ToJsonString());

    private void Write(string line)
    {
        lock (_gate)
        {
            write(line);
        }
    }
}
