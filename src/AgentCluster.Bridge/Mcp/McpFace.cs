using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCluster.Bridge.Guards;
using AgentCluster.Bridge.Http;
using AgentCluster.Bridge.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentCluster.Bridge.Mcp;

/// <summary>
/// Streamable HTTP for both eras of the protocol at one path. Until 2025-11-25 a client shakes hands and then names its
/// session; since 2026-07-28 every request stands for itself and repeats its method and name in headers, which must agree
/// with the body. The messages themselves are the official SDK's business.
/// </summary>
/// <param name="options">What the server offers.</param>
/// <param name="sessions">Clients of the older revisions.</param>
/// <param name="logs">Where the SDK writes to.</param>
/// <param name="calls">Answers calls of tools that stand for themselves; null leaves them to the SDK's server, as all others are.</param>
internal sealed class McpFace(McpServerOptions options, McpSessions sessions, ILoggerFactory logs, DirectCalls? calls = null)
{
    /// <summary>Where a message's HTTP request is found by whoever handles it.</summary>
    public const string HttpItem = "http";

    private const string SessionHeader = "Mcp-Session-Id";
    private const string Modern = "2026-07-28";
    private const string EventStream = "text/event-stream";
    private static readonly string[] Known = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", Modern];

    /// <summary>Answers a POST: one JSON-RPC message.</summary>
    /// <param name="context">The request.</param>
    public async Task PostAsync(HttpContext context)
    {
        var request = context.Request;
        if (BodyReading.CheckHeaders(request) is { } wrongBody)
        {
            AnswerWriting.Write(context.Response, wrongBody);
            return;
        }

        if (!Accepts(request, "application/json") || !Accepts(request, EventStream))
        {
            await FailAsync(context, StatusCodes.Status406NotAcceptable, McpErrorCode.InvalidRequest, "Expected 'Accept: application/json, text/event-stream'.", null);
            return;
        }

        if (await BodyReading.ReadAsync(request) is not { } body)
        {
            AnswerWriting.Write(context.Response, BodyReading.TooLarge(BodyReading.MostBytes));
            return;
        }

        var (message, wrong) = Read(body);
        request.BodyReader.AdvanceTo(body.End);
        if (message is null)
        {
            await FailAsync(context, StatusCodes.Status400BadRequest, wrong, "Expected one JSON-RPC message.", null);
            return;
        }

        message.Context = new() { Items = new Dictionary<string, object?> { [HttpItem] = context } };
        var version = request.Headers[McpHeaders.Version] is [{ } said] ? said : null;
        if (version is not null && !Known.Contains(version, StringComparer.Ordinal))
        {
            await FailAsync(
                context,
                StatusCodes.Status400BadRequest,
                McpErrorCode.UnsupportedProtocolVersion,
                $"Expected one of the revisions {string.Join(", ", Known)}.",
                message,
                new JsonObject { ["supported"] = new JsonArray(Modern), ["requested"] = version });
            return;
        }

        await (version == Modern || McpHeaders.MetaVersionOf(message) == Modern ? AloneAsync(context, message, version) : InSessionAsync(context, message));
    }

    /// <summary>Answers a GET: what the server says unasked, in a session of the older revisions.</summary>
    /// <param name="context">The request.</param>
    public async Task GetAsync(HttpContext context)
    {
        if (!Accepts(context.Request, EventStream))
        {
            await FailAsync(context, StatusCodes.Status406NotAcceptable, McpErrorCode.InvalidRequest, "Expected 'Accept: text/event-stream'.", null);
            return;
        }

        if (await FindAsync(context, null) is not { } session)
        {
            return;
        }

        if (!session.TryTakeStream())
        {
            await FailAsync(context, StatusCodes.Status409Conflict, McpErrorCode.InvalidRequest, "The session has a stream already.", null);
            return;
        }

        Interlocked.Increment(ref session.Using);
        try
        {
            Begin(context.Response);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await session.Transport.HandleGetRequestAsync(context.Response.Body, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // Nobody listens any more.
        }
        finally
        {
            Interlocked.Decrement(ref session.Using);
            session.GiveStream();
        }
    }

    /// <summary>Answers a DELETE: the client ends its session.</summary>
    /// <param name="context">The request.</param>
    public async Task DeleteAsync(HttpContext context)
    {
        if (await FindAsync(context, null) is { } session)
        {
            await sessions.EndAsync(session);
        }
    }

    private static (JsonRpcMessage? Message, McpErrorCode Wrong) Read(ReadOnlySequence<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            return (JsonSerializer.Deserialize(ref reader, McpJsonUtilities.DefaultOptions.GetTypeInfo<JsonRpcMessage>()), McpErrorCode.InvalidRequest);
        }
        catch (JsonException)
        {
            return (null, McpErrorCode.ParseError);
        }
    }

    /// <summary>A request of the newer revision: it stands for itself.</summary>
    private async Task AloneAsync(HttpContext context, JsonRpcMessage message, string? version)
    {
        if (McpHeaders.Fault(context.Request, message, version) is { } fault)
        {
            await FailAsync(context, StatusCodes.Status400BadRequest, McpErrorCode.HeaderMismatch, fault, message);
            return;
        }

        if (message is JsonRpcRequest { Params: var parameters } && !McpHeaders.IsSelfContained(parameters))
        {
            await FailAsync(
                context, StatusCodes.Status400BadRequest, McpErrorCode.InvalidParams, $"Expected params._meta with '{McpHeaders.MetaVersion}' and '{McpHeaders.MetaCapabilities}'.", message);
            return;
        }

        if (calls is not null && message is JsonRpcRequest { Method: RequestMethods.ToolsCall } asked)
        {
            await calls.AnswerAsync(context, asked);
            return;
        }

        message.Context!.ProtocolVersion = version;
        await using var transport = new StreamableHttpServerTransport(logs) { Stateless = true };
        await using var server = McpServer.Create(transport, options, logs, serviceProvider: null);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var running = server.RunAsync(ended.Token);
        try
        {
            await AnswerAsync(context, transport, message);
        }
        finally
        {
            await transport.DisposeAsync();
            try
            {
                await running;
            }
            catch (OperationCanceledException)
            {
                // Nobody waits for it.
            }
        }
    }

    private async Task InSessionAsync(HttpContext context, JsonRpcMessage message)
    {
        var isHandshake = message is JsonRpcRequest { Method: RequestMethods.Initialize } && !context.Request.Headers.ContainsKey(SessionHeader);
        var session = isHandshake ? await BeginAsync(context, message) : await FindAsync(context, message);
        if (session is null)
        {
            return;
        }

        Interlocked.Increment(ref session.Using);
        try
        {
            await AnswerAsync(context, session.Transport, message);
        }
        finally
        {
            Interlocked.Decrement(ref session.Using);
        }
    }

    private async ValueTask<McpSession?> BeginAsync(HttpContext context, JsonRpcMessage message)
    {
        var session = new McpSession(Gate.WhoOf(context), options, logs);
        if (await sessions.TryAddAsync(session))
        {
            context.Response.Headers[SessionHeader] = session.Id;
            return session;
        }

        await session.DisposeAsync();
        context.Response.Headers.RetryAfter = "5";
        await FailAsync(
            context, StatusCodes.Status503ServiceUnavailable, McpErrorCode.InternalError, $"Expected at most {McpSessions.Most} sessions, found as many. Come again later.", message);
        return null;
    }

    private async ValueTask<McpSession?> FindAsync(HttpContext context, JsonRpcMessage? message)
    {
        if (context.Request.Headers[SessionHeader] is not [{ } id])
        {
            await FailAsync(context, StatusCodes.Status400BadRequest, McpErrorCode.InvalidRequest, $"Expected the header {SessionHeader}, or the revision {Modern}; found neither.", message);
            return null;
        }

        if (sessions.Find(id, Gate.WhoOf(context)) is { } session)
        {
            return session;
        }

        await FailAsync(context, StatusCodes.Status404NotFound, McpErrorCode.InvalidRequest, "There is no such session. Begin a new one.", message);
        return null;
    }

    private static async Task AnswerAsync(HttpContext context, StreamableHttpServerTransport transport, JsonRpcMessage message)
    {
        try
        {
            Begin(context.Response);
            var isAnswered = await transport.HandlePostRequestAsync(
                message,
                context.Response.Body,
                first =>
                {
                    context.Response.StatusCode = StatusOf(first, context.Request.Headers[McpHeaders.Version] == Modern);
                    return default;
                },
                context.RequestAborted);
            if (!isAnswered && !context.Response.HasStarted)
            {
                context.Response.Headers.Remove("Content-Type");
                context.Response.StatusCode = StatusCodes.Status202Accepted;
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for it.
        }
    }

    private static void Begin(HttpResponse response)
    {
        response.ContentType = EventStream;
        response.Headers.CacheControl = "no-cache, no-store";
    }

    /// <summary>The newer revision has HTTP say what some errors are.</summary>
    private static int StatusOf(JsonRpcMessage? first, bool isModern) => !isModern || first is not JsonRpcError { Error.Code: var code }
        ? StatusCodes.Status200OK
        : (McpErrorCode)code switch
        {
            McpErrorCode.MethodNotFound => StatusCodes.Status404NotFound,
            McpErrorCode.HeaderMismatch or McpErrorCode.MissingRequiredClientCapability or McpErrorCode.UnsupportedProtocolVersion => StatusCodes.Status400BadRequest,
            _ => StatusCodes.Status200OK,
        };

    private static bool Accepts(HttpRequest request, string media) => request.Headers.Accept.Any(accept => accept is not null
        && accept.Split(',').Any(each => each.Split(';')[0].Trim() is var one && (one == "*/*" || one.Equals(media, StringComparison.OrdinalIgnoreCase))));

    private static async Task FailAsync(HttpContext context, int status, McpErrorCode code, string words, JsonRpcMessage? about, JsonNode? data = null)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        JsonObject error = new() { ["code"] = (int)code, ["message"] = words };
        if (data is not null)
        {
            error["data"] = data;
        }

        JsonNode? id = about is JsonRpcRequest { Id: var given } ? JsonSerializer.SerializeToNode(given, McpJsonUtilities.DefaultOptions.GetTypeInfo<RequestId>()) : null;
        await context.Response.WriteAsync(new JsonObject { ["jsonrpc"] = "2.0", ["id"] = id, ["error"] = error }.ToJsonString(), context.RequestAborted);
    }
}
