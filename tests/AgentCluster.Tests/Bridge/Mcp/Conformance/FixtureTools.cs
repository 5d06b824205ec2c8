#pragma warning disable MCP9005 // Logging and sampling are old, and the older revision asks for them.
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentCluster.Tests.Bridge.Mcp.Conformance;

/// <summary>The tools that the conformance suite asks for. They live here and nowhere else.</summary>
internal static class FixtureTools
{
    private const string Png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    private const string Wav = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA=";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private static readonly Dictionary<string, string> Plain = new()
    {
        ["test_simple_text"] = """{"content":[{"type":"text","text":"This is a simple text response for testing."}]}""",
        ["test_image_content"] = $$"""{"content":[{"type":"image","data":"{{Png}}","mimeType":"image/png"}]}""",
        ["test_audio_content"] = $$"""{"content":[{"type":"audio","data":"{{Wav}}","mimeType":"audio/wav"}]}""",
        ["test_embedded_resource"] = """{"content":[{"type":"resource","resource":{"uri":"test://embedded-resource","mimeType":"text/plain","text":"This is an embedded resource content."}}]}""",
        ["test_multiple_content_types"] = $$$"""
            {"content":[{"type":"text","text":"Multiple content types test:"},{"type":"image","data":"{{{Png}}}","mimeType":"image/png"},
            {"type":"resource","resource":{"uri":"test://mixed-content-resource","mimeType":"application/json","text":"{\"test\":\"data\",\"value\":123}"}}]}
            """,
        ["test_error_handling"] = """{"isError":true,"content":[{"type":"text","text":"This tool intentionally returns an error for testing"}]}""",
        ["test_logging_tool"] = """{"content":[{"type":"text","text":"Nothing is logged that nobody asked for."}]}""",
        ["json_schema_2020_12_tool"] = """{"content":[{"type":"text","text":"Its schema is what counts."}]}""",
        ["test_trigger_tool_change"] = """{"content":[{"type":"text","text":"Changed."}]}""",
        ["test_trigger_prompt_change"] = """{"content":[{"type":"text","text":"Changed."}]}""",
    };

    private static readonly string[] Asking =
    [
        "test_tool_with_logging", "test_tool_with_progress", "test_sampling", "test_elicitation", "test_elicitation_sep1034_defaults", "test_elicitation_sep1330_enums",
        "test_missing_capability", "test_streaming_elicitation", .. FixtureInputs.Names,
    ];

    private static readonly Dictionary<string, string> Schemas = new()
    {
        ["test_sampling"] = """{"type":"object","properties":{"prompt":{"type":"string"}},"required":["prompt"]}""",
        ["test_elicitation"] = """{"type":"object","properties":{"message":{"type":"string"}},"required":["message"]}""",
        ["json_schema_2020_12_tool"] = """
            {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","$defs":{"address":{"$anchor":"addressDef","type":"object","properties":{"street":{"type":"string"},"city":{"type":"string"}}}},
            "properties":{"name":{"type":"string"},"address":{"$ref":"#/$defs/address"},"contactMethod":{"type":"string","enum":["phone","email"]},"phone":{"type":"string"},"email":{"type":"string"}},
            "allOf":[{"anyOf":[{"required":["phone"]},{"required":["email"]}]}],"if":{"properties":{"contactMethod":{"const":"phone"}},"required":["contactMethod"]},"then":{"required":["phone"]},"else":{"required":["email"]},"additionalProperties":false}
            """,
    };

    /// <summary>All of them, in order.</summary>
    public static IList<Tool> All { get; } =
    [
        .. Plain.Keys.Concat(Asking).Order(StringComparer.Ordinal).Select(name => new Tool
        {
            Name = name,
            Description = "Asked for by the conformance suite.",
            InputSchema = JsonDocument.Parse(Schemas.GetValueOrDefault(name, """{"type":"object"}""")).RootElement,
        }),
    ];

    public static async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> asked, CancellationToken gone)
    {
        var name = asked.Params!.Name;
        if (Plain.TryGetValue(name, out var plain))
        {
            return Read<CallToolResult>(plain);
        }

        return name switch
        {
            "test_tool_with_logging" => await LogAsync(asked, gone),
            "test_tool_with_progress" => await ProgressAsync(asked, gone),
            "test_sampling" => await SampleAsync(asked, gone),
            "test_elicitation" => await ElicitAsync(
                asked,
                "User response",
                """{"type":"object","properties":{"username":{"type":"string","description":"User's response"},"email":{"type":"string","description":"User's email address"}},"required":["username","email"]}""",
                Argument(asked, "message"),
                gone),
            "test_elicitation_sep1034_defaults" => await ElicitAsync(
                asked,
                "Elicitation completed",
                """
                {"type":"object","properties":{"name":{"type":"string","default":"John Doe"},"age":{"type":"integer","default":30},"score":{"type":"number","default":95.5},
                "status":{"type":"string","enum":["active","inactive","pending"],"default":"active"},"verified":{"type":"boolean","default":true}}}
                """,
                "Defaults",
                gone),
            "test_elicitation_sep1330_enums" => await ElicitAsync(
                asked,
                "Elicitation completed",
                """
                {"type":"object","properties":{"untitledSingle":{"type":"string","enum":["option1","option2","option3"]},
                "titledSingle":{"type":"string","oneOf":[{"const":"value1","title":"First Option"},{"const":"value2","title":"Second Option"},{"const":"value3","title":"Third Option"}]},
                "legacyEnum":{"type":"string","enum":["opt1","opt2","opt3"],"enumNames":["Option One","Option Two","Option Three"]},
                "untitledMulti":{"type":"array","items":{"type":"string","enum":["option1","option2","option3"]}},
                "titledMulti":{"type":"array","items":{"anyOf":[{"const":"value1","title":"First Choice"},{"const":"value2","title":"Second Choice"},{"const":"value3","title":"Third Choice"}]}}}}
                """,
                "Enums",
                gone),
            _ => FixtureInputs.Call(name, asked),
        };
    }

    /// <summary>A result, or whatever else the protocol has, from its JSON.</summary>
    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, McpJsonUtilities.DefaultOptions)!;

    /// <summary>A result of one text.</summary>
    public static CallToolResult Said(string text) => new() { Content = [new TextContentBlock { Text = text }] };

    private static string Argument(RequestContext<CallToolRequestParams> asked, string name) =>
        asked.Params!.Arguments is { } arguments && arguments.TryGetValue(name, out var said) ? said.GetString() ?? "" : "";

    private static async ValueTask<CallToolResult> LogAsync(RequestContext<CallToolRequestParams> asked, CancellationToken gone)
    {
        foreach (var line in (string[])["Tool execution started", "Tool processing data", "Tool execution completed"])
        {
            await asked.Server.SendNotificationAsync(
                NotificationMethods.LoggingMessageNotification,
                new LoggingMessageNotificationParams { Level = LoggingLevel.Info, Data = JsonSerializer.SerializeToElement(line) },
                cancellationToken: gone);
            await Task.Delay(Pause, gone);
        }

        return Said("Logged.");
    }

    private static async ValueTask<CallToolResult> ProgressAsync(RequestContext<CallToolRequestParams> asked, CancellationToken gone)
    {
        foreach (var progress in (float[])[0, 50, 100])
        {
            if (asked.Params!.ProgressToken is { } token)
            {
                await asked.Server.NotifyProgressAsync(token, new() { Progress = progress, Total = 100 }, cancellationToken: gone);
            }

            await Task.Delay(Pause, gone);
        }

        return Said("Done.");
    }

    private static async ValueTask<CallToolResult> SampleAsync(RequestContext<CallToolRequestParams> asked, CancellationToken gone)
    {
        var parameters = Read<CreateMessageRequestParams>(new JsonObject
        {
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = new JsonObject { ["type"] = "text", ["text"] = Argument(asked, "prompt") } }),
            ["maxTokens"] = 100,
        }.ToJsonString());
        var answered = await asked.Server.SampleAsync(parameters, gone);
        return Said($"LLM response: {JsonSerializer.Serialize(answered.Content, McpJsonUtilities.DefaultOptions)}");
    }

    private static async ValueTask<CallToolResult> ElicitAsync(
        RequestContext<CallToolRequestParams> asked, string word, string schema, string message, CancellationToken gone)
    {
        var answered = await asked.Server.ElicitAsync(
            new() { Message = message, RequestedSchema = Read<ElicitRequestParams.RequestSchema>(schema) }, gone);
        return Said($"{word}: action={answered.Action}, content={JsonSerializer.Serialize(answered.Content, McpJsonUtilities.DefaultOptions)}");
    }
}
