using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AgentCluster.Bridge.Shapes;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AgentCluster.Bridge.Mcp;

/// <summary>
/// Calls of tools in the newer revision. Such a request stands for itself, and our tools ask nothing of their caller meanwhile, so the
/// result is the whole answer and no server of the SDK is made for it: that would cost more than the call. The shapes are the SDK's.
/// </summary>
/// <param name="tools">Calls tools.</param>
/// <param name="server">As it names itself.</param>
internal sealed class DirectCalls(ToolCalls tools, Implementation server)
{
    private static readonly JsonTypeInfo<CallToolRequestParams> Asked = Of<CallToolRequestParams>();
    private static readonly JsonTypeInfo<JsonRpcMessage> Message = Of<JsonRpcMessage>();
    private static readonly JsonTypeInfo<CallToolResult> Result = Of<CallToolResult>();
    private static readonly JsonTypeInfo<RequestId> Id = Of<RequestId>();

    private readonly string _meta = new JsonObject
    {
        ["io.modelcontextprotocol/serverInfo"] = JsonSerializer.SerializeToNode(server, Of<Implementation>()),
    }.ToJsonString();

    /// <summary>Calls the tool and writes the answer.</summary>
    /// <param name="context">The HTTP request.</param>
    /// <param name="request">Its body, checked.</param>
    public async Task AnswerAsync(HttpContext context, JsonRpcRequest request)
    {
        byte[] answer;
        try
        {
            var asked = request.Params.Deserialize(Asked) ?? throw new JsonException("The parameters are null.");
            var result = await tools.CallAsync(asked.Name, asked.Arguments ?? new Dictionary<string, JsonElement>(), context, context.RequestAborted);
            (result.ResultType, result.Meta) = ("complete", JsonNode.Parse(_meta)!.AsObject());
            answer = Written(request.Id, result);
        }
        catch (McpProtocolException refused)
        {
            answer = Failed(request.Id, refused.ErrorCode, refused.Message);
        }
        catch (JsonException)
        {
            answer = Failed(request.Id, McpErrorCode.InvalidParams, "Expected params with the name of a tool and its arguments as an object.");
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.Length;
        context.Response.Headers.CacheControl = "no-cache, no-store";
        await context.Response.Body.WriteAsync(answer, context.RequestAborted);
    }

    private static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(T));

    private static byte[] Written(RequestId id, CallToolResult result)
    {
        using var json = new PooledJson();
        json.Writer.WriteStartObject();
        json.Writer.WriteString("jsonrpc"u8, "2.0"u8);
        json.Writer.WritePropertyName("id"u8);
        JsonSerializer.Serialize(json.Writer, id, Id);
        json.Writer.WritePropertyName("result"u8);
        JsonSerializer.Serialize(json.Writer, result, Result);
        json.Writer.WriteEndObject();
        return json.Bytes().ToArray();
    }

    private static byte[] Failed(RequestId id, McpErrorCode code, string words) => JsonSerializer.SerializeToUtf8Bytes(
        new JsonRpcError { Id = id, Error = new() { Code = (int)code, Message = words } }, Message);
}
