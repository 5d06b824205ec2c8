#pragma warning disable MCP9005 // Logging and sampling are old, and the older revision asks for them.
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentCluster.Tests.Bridge.Mcp.Conformance;

/// <summary>Tools that ask for something before they answer, in the newer revision's way: a result that names what is missing.</summary>
internal static class FixtureInputs
{
    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(32);

    private const string Name = """{"method":"elicitation/create","params":{"message":"What is your name?","requestedSchema":{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}}}""";
    private const string Confirm = """{"method":"elicitation/create","params":{"message":"Please confirm","requestedSchema":{"type":"object","properties":{"ok":{"type":"boolean"}},"required":["ok"]}}}""";
    private const string Colour = """{"method":"elicitation/create","params":{"message":"Step 2: What is your favorite color?","requestedSchema":{"type":"object","properties":{"color":{"type":"string"}},"required":["color"]}}}""";
    private const string Capital = """{"method":"sampling/createMessage","params":{"messages":[{"role":"user","content":{"type":"text","text":"What is the capital of France?"}}],"maxTokens":100}}""";
    private const string Roots = """{"method":"roots/list","params":{}}""";

    public static string[] Names { get; } =
    [
        "test_input_required_result_elicitation", "test_input_required_result_sampling", "test_input_required_result_list_roots",
        "test_input_required_result_request_state", "test_input_required_result_multiple_inputs", "test_input_required_result_multi_round",
        "test_input_required_result_tampered_state", "test_input_required_result_capabilities",
    ];

    public static CallToolResult Call(string name, RequestContext<CallToolRequestParams> asked)
    {
        var parameters = asked.Params!;
        var capabilities = asked.JsonRpcRequest.Context?.ClientCapabilities;
        switch (name)
        {
            case "test_missing_capability":
                return capabilities?.Sampling is null ? throw new MissingRequiredClientCapabilityException(new ClientCapabilities { Sampling = new() }) : FixtureTools.Said("It is there.");
            case "test_streaming_elicitation":
            case "test_input_required_result_elicitation":
                return Elicited(parameters, "user_name", "name") is { } said ? FixtureTools.Said($"Hello, {said}!") : throw Missing(null, ("user_name", Name));
            case "test_input_required_result_sampling":
                return Has(parameters, "capital_question") ? FixtureTools.Said(Raw(parameters, "capital_question")) : throw Missing(null, ("capital_question", Capital));
            case "test_input_required_result_list_roots":
                return Has(parameters, "client_roots") ? FixtureTools.Said(Raw(parameters, "client_roots")) : throw Missing(null, ("client_roots", Roots));
            case "test_input_required_result_request_state":
            case "test_input_required_result_tampered_state":
                return Has(parameters, "confirm") && IsMine(parameters, "one") ? FixtureTools.Said("state-ok") : throw Missing(State("one"), ("confirm", Confirm));
            case "test_input_required_result_multiple_inputs":
                return Has(parameters, "user_name") && Has(parameters, "greeting") && Has(parameters, "client_roots") && IsMine(parameters, "many")
                    ? FixtureTools.Said("All are there.")
                    : throw Missing(State("many"), ("user_name", Name), ("greeting", Capital), ("client_roots", Roots));
            case "test_input_required_result_multi_round":
                return Has(parameters, "step2") && IsMine(parameters, "two") ? FixtureTools.Said("Both rounds are done.")
                    : Has(parameters, "step1") && IsMine(parameters, "one") ? throw Missing(State("two"), ("step2", Colour))
                    : throw Missing(State("one"), ("step1", Name));
            case "test_input_required_result_capabilities":
                return capabilities?.Sampling is not null ? throw Missing(null, ("capital_question", Capital)) : throw Missing(null, ("user_name", Name));
            default:
                throw new McpProtocolException($"Unknown tool: '{name}'", McpErrorCode.InvalidParams);
        }
    }

    /// <summary>What was answered to an elicitation; null when it was not, or not as asked for.</summary>
    public static string? Elicited(RequestParams parameters, string key, string field) =>
        Has(parameters, key) && JsonDocument.Parse(Raw(parameters, key)).RootElement is { ValueKind: JsonValueKind.Object } answer
        && answer.TryGetProperty("content", out var content) && content.ValueKind == JsonValueKind.Object
        && content.TryGetProperty(field, out var said) && said.ValueKind == JsonValueKind.String
            ? said.GetString()
            : null;

    /// <summary>Asks for more.</summary>
    public static InputRequiredException Missing(string? state, params (string Key, string Request)[] inputs) => new(
        inputs.ToDictionary(input => input.Key, input => FixtureTools.Read<InputRequest>(input.Request)), state);

    private static bool Has(RequestParams parameters, string key) => parameters.InputResponses?.ContainsKey(key) == true;

    private static string Raw(RequestParams parameters, string key) => JsonSerializer.Serialize(parameters.InputResponses![key], McpJsonUtilities.DefaultOptions);

    private static string State(string step) => $"{step}.{Convert.ToHexString(HMACSHA256.HashData(Secret, Encoding.UTF8.GetBytes(step)))}";

    private static bool IsMine(RequestParams parameters, string step) => parameters.RequestState is { } state && (state == State(step)
        ? true
        : state.StartsWith(step + ".", StringComparison.Ordinal) || !state.Contains('.', StringComparison.Ordinal) || !IsOurs(state)
            ? throw new McpProtocolException("The state is not as it was given.", McpErrorCode.InvalidParams)
            : false);

    private static bool IsOurs(string state) => ((string[])["one", "two", "many"]).Any(step => state == State(step));
}
