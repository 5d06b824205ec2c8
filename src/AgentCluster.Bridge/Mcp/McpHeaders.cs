using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Protocol;

namespace AgentCluster.Bridge.Mcp;

/// <summary>What the newer revision has a request repeat in its headers: revision, method and name must be as in the body.</summary>
internal static class McpHeaders
{
    /// <summary>The revision.</summary>
    public const string Version = "MCP-Protocol-Version";

    /// <summary>Where a body names its revision.</summary>
    public const string MetaVersion = "io.modelcontextprotocol/protocolVersion";

    /// <summary>Where a body says what its client can.</summary>
    public const string MetaCapabilities = "io.modelcontextprotocol/clientCapabilities";

    private const string Method = "Mcp-Method";
    private const string Name = "Mcp-Name";

    /// <summary>What of the headers of a request differs from its body; null when nothing does.</summary>
    /// <param name="request">The request.</param>
    /// <param name="message">Its body.</param>
    /// <param name="version">The revision that its header names; null for none.</param>
    public static string? Fault(HttpRequest request, JsonRpcMessage message, string? version)
    {
        var (method, parameters) = message switch
        {
            JsonRpcRequest asked => (asked.Method, asked.Params),
            JsonRpcNotification told => (told.Method, told.Params),
            _ => (null, null),
        };
        var meta = MetaVersionOf(message);
        if (version is null || (meta is not null && meta != version))
        {
            return $"Expected the header {Version} to be as in the body, '{meta}'; found '{version}'.";
        }

        if (method is null)
        {
            return null;
        }

        if (request.Headers[Method] is not [{ } saidMethod] || saidMethod != method)
        {
            return $"Expected the header {Method} to be '{method}' as in the body; found '{request.Headers[Method]}'.";
        }

        var name = method switch
        {
            RequestMethods.ToolsCall or RequestMethods.PromptsGet => TextOf(parameters, "name"),
            RequestMethods.ResourcesRead => TextOf(parameters, "uri"),
            _ => null,
        };
        return name is null || (request.Headers[Name] is [{ } saidName] && Decoded(saidName) == name)
            ? null
            : $"Expected the header {Name} to name what the body does; found '{request.Headers[Name]}'.";
    }

    /// <summary>A name that a header cannot hold comes in base 64.</summary>
    private static string? Decoded(string said)
    {
        const string Begin = "=?base64?", End = "?=";
        if (!said.StartsWith(Begin, StringComparison.OrdinalIgnoreCase) || !said.EndsWith(End, StringComparison.Ordinal))
        {
            return said;
        }

        var buffer = new byte[said.Length];
        return Convert.TryFromBase64String(said[Begin.Length..^End.Length], buffer, out var written)
            ? System.Text.Encoding.UTF8.GetString(buffer, 0, written)
            : null;
    }

    /// <summary>Whether a request says who speaks which revision and what it can: nothing is known of it from before.</summary>
    /// <param name="parameters">Of the request.</param>
    public static bool IsSelfContained(JsonNode? parameters) => (parameters as JsonObject)?["_meta"] is JsonObject meta
        && TextOf(meta, MetaVersion) is not null && meta[MetaCapabilities] is JsonObject;

    /// <summary>The revision that a message names in its body; null for none.</summary>
    /// <param name="message">Any.</param>
    public static string? MetaVersionOf(JsonRpcMessage message) => message switch
    {
        JsonRpcRequest asked => TextOf((asked.Params as JsonObject)?["_meta"], MetaVersion),
        JsonRpcNotification told => TextOf((told.Params as JsonObject)?["_meta"], MetaVersion),
        _ => null,
    };

    private static string? TextOf(JsonNode? node, string name) =>
        node is JsonObject fields && fields.TryGetPropertyValue(name, out var value) && value is JsonValue text && text.TryGetValue<string>(out var said) ? said : null;
}
