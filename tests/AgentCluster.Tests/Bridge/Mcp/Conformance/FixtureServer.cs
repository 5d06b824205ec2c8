#pragma warning disable MCP9005 // Logging and sampling are old, and the older revision asks for them.
using AgentCluster.Bridge.Audit;
using AgentCluster.Bridge.Guards;
using AgentCluster.Bridge.Mcp;
using AgentCluster.Bridge.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentCluster.Tests.Bridge.Mcp.Conformance;

/// <summary>The face that the node has at <c>/mcp</c>, behind the guard that the node has, with what the judge asks for behind it.</summary>
internal sealed class FixtureServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly McpSessions _sessions;

    private FixtureServer(WebApplication app, McpSessions sessions, Uri address) => (_app, _sessions, Address) = (app, sessions, address);

    public Uri Address { get; }

    public static async Task<FixtureServer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        var guarded = new BridgeOptions(new(System.Net.IPAddress.Loopback, 0), "0123456789abcdef0123456789abcdef"u8.ToArray());
        var audit = new AuditTrail(new ScriptedActors(), TimeProvider.System, NullLogger.Instance);
        app.Use(next => new SiteGuard(next, guarded, audit).InvokeAsync);
        app.UseRouting();
        var sessions = new McpSessions(TimeProvider.System);
        var face = new McpFace(Options(), sessions, NullLoggerFactory.Instance);
        foreach (var (method, answer) in new (string, RequestDelegate)[] { ("POST", face.PostAsync), ("GET", face.GetAsync), ("DELETE", face.DeleteAsync) })
        {
            app.MapMethods("/mcp", [method], answer);
        }

        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app, sessions, new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()));
    }

    public async ValueTask DisposeAsync()
    {
        await _sessions.DisposeAsync();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    private static McpServerOptions Options() => new()
    {
        ServerInfo = new() { Name = "fixture", Version = "1" },
        Capabilities = new()
        {
            Tools = new(),
            Resources = new() { Subscribe = true },
            Prompts = new(),
            Logging = new(),
            Completions = new(),
        },
        Handlers = new()
        {
            ListToolsHandler = (_, _) => new(new ListToolsResult { Tools = FixtureTools.All }),
            CallToolHandler = FixtureTools.CallAsync,
            ListPromptsHandler = (_, _) => new(FixtureTools.Read<ListPromptsResult>("""
                {"prompts":[{"name":"test_simple_prompt","description":"A simple prompt."},
                {"name":"test_prompt_with_arguments","description":"Has arguments.","arguments":[{"name":"arg1","description":"The first.","required":true},{"name":"arg2","description":"The second.","required":true}]},
                {"name":"test_prompt_with_embedded_resource","description":"Has a resource.","arguments":[{"name":"resourceUri","description":"Which.","required":true}]},
                {"name":"test_prompt_with_image","description":"Has an image."},{"name":"test_input_required_result_prompt","description":"Asks first."}]}
                """)),
            GetPromptHandler = (asked, _) => new(Prompt(asked)),
            ListResourcesHandler = (_, _) => new(FixtureTools.Read<ListResourcesResult>("""
                {"resources":[{"uri":"test://static-text","name":"static-text","description":"A text.","mimeType":"text/plain"},
                {"uri":"test://static-binary","name":"static-binary","description":"An image.","mimeType":"image/png"},
                {"uri":"test://watched-resource","name":"watched-resource","description":"May change.","mimeType":"text/plain"}]}
                """)),
            ListResourceTemplatesHandler = (_, _) => new(FixtureTools.Read<ListResourceTemplatesResult>(
                """{"resourceTemplates":[{"uriTemplate":"test://template/{id}/data","name":"template","description":"Of an id.","mimeType":"application/json"}]}""")),
            ReadResourceHandler = (asked, _) => new(Resource(asked.Params!.Uri)),
            SubscribeToResourcesHandler = (_, _) => new(new EmptyResult()),
            UnsubscribeFromResourcesHandler = (_, _) => new(new EmptyResult()),
            SetLoggingLevelHandler = (_, _) => new(new EmptyResult()),
            CompleteHandler = (_, _) => new(FixtureTools.Read<CompleteResult>("""{"completion":{"values":["paris","park","party"],"total":3,"hasMore":false}}""")),
        },
    };

    private static GetPromptResult Prompt(RequestContext<GetPromptRequestParams> asked)
    {
        var parameters = asked.Params!;
        string Argument(string name) => parameters.Arguments is { } said && said.TryGetValue(name, out var value) ? value.GetString() ?? "" : "";
        return parameters.Name switch
        {
            "test_simple_prompt" => Of("""{"type":"text","text":"This is a simple prompt for testing."}"""),
            "test_prompt_with_arguments" => Of($$"""{"type":"text","text":"Prompt with arguments: arg1='{{Argument("arg1")}}', arg2='{{Argument("arg2")}}'"}"""),
            "test_prompt_with_embedded_resource" => Of(
                $$$"""{"type":"resource","resource":{"uri":"{{{Argument("resourceUri")}}}","mimeType":"text/plain","text":"Embedded resource content for testing."}}""",
                """{"type":"text","text":"Please process the embedded resource above."}"""),
            "test_prompt_with_image" => Of(
                """{"type":"image","data":"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==","mimeType":"image/png"}""",
                """{"type":"text","text":"Please analyze the image above."}"""),
            "test_input_required_result_prompt" => FixtureInputs.Elicited(parameters, "user_context", "context") is { } context
                ? Of($$"""{"type":"text","text":"In the context {{context}}"}""")
                : throw FixtureInputs.Missing(null, ("user_context", """
                    {"method":"elicitation/create","params":{"message":"What context should the prompt use?","requestedSchema":{"type":"object","properties":{"context":{"type":"string"}},"required":["context"]}}}
                    """)),
            _ => throw new McpProtocolException($"Unknown prompt: '{parameters.Name}'", McpErrorCode.InvalidParams),
        };
    }

    private static GetPromptResult Of(params string[] contents) => FixtureTools.Read<GetPromptResult>(
        $$"""{"messages":[{{string.Join(',', contents.Select(content => $$"""{"role":"user","content":{{content}}}"""))}}]}""");

    private static ReadResourceResult Resource(string uri) => uri switch
    {
        "test://static-text" => FixtureTools.Read<ReadResourceResult>(
            """{"contents":[{"uri":"test://static-text","mimeType":"text/plain","text":"This is the content of the static text resource."}]}"""),
        "test://static-binary" => FixtureTools.Read<ReadResourceResult>(
            """{"contents":[{"uri":"test://static-binary","mimeType":"image/png","blob":"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="}]}"""),
        "test://template/123/data" => FixtureTools.Read<ReadResourceResult>(
            """{"contents":[{"uri":"test://template/123/data","mimeType":"application/json","text":"{\"id\":\"123\",\"templateTest\":true,\"data\":\"Data for ID: 123\"}"}]}"""),
        _ => throw new McpProtocolException("Resource not found", McpErrorCode.ResourceNotFound),
    };
}
