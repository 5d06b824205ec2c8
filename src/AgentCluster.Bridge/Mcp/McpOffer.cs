using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCluster.Bridge.Live;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AgentCluster.Bridge.Mcp;

/// <summary>What the MCP server of the node offers: the tools, and tasks, epics and mailboxes as resources that tell when they change.</summary>
/// <param name="tools">Calls tools.</param>
/// <param name="feed">Tells what changes.</param>
internal sealed class McpOffer(ToolCalls tools, LiveFeed feed)
{
    private const int MostWatched = 100;
    private const string SubscriptionMeta = "io.modelcontextprotocol/subscriptionId";
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(30);

    private static readonly ResourceTemplate[] Templates =
    [
        Template("task", "A task", "agentcluster://tasks/{task_id}", "One task in full. Changes whenever anything happens to it."),
        Template("epic", "An epic", "agentcluster://epics/{epic_id}", "One epic. Changes whenever anything happens to it or its tasks."),
        Template("inbox", "A mailbox", "agentcluster://agents/{agent}/inbox", "An agent's own unread mail. Changes whenever something comes."),
    ];

    /// <summary>As it names itself.</summary>
    public static Implementation Server { get; } = new()
    {
        Name = "agentcluster",
        Title = "AgentCluster",
        Version = Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "0",
    };

    /// <summary>As the SDK takes it.</summary>
    public McpServerOptions Options() => new()
    {
        ServerInfo = Server,
        ServerInstructions = Tools.Instructions,
        Capabilities = new() { Tools = new(), Resources = new() { Subscribe = true } },
        Handlers = new()
        {
            ListToolsHandler = (_, _) => new(new ListToolsResult { Tools = [.. tools.Described] }),
            CallToolHandler = (asked, gone) => tools.CallAsync(
                asked.Params?.Name ?? "", asked.Params?.Arguments ?? new Dictionary<string, JsonElement>(), Http(asked), gone),
            ListResourcesHandler = (_, _) => new(new ListResourcesResult { Resources = [] }),
            ListResourceTemplatesHandler = (_, _) => new(new ListResourceTemplatesResult { ResourceTemplates = [.. Templates] }),
            ReadResourceHandler = async (asked, gone) => await ReadAsync(asked.Params?.Uri ?? "", Http(asked), gone),
            SubscribeToResourcesHandler = SubscribeAsync,
            UnsubscribeFromResourcesHandler = (asked, _) =>
            {
                Watched(asked.Server).Remove(asked.Params?.Uri ?? "");
                return new(new EmptyResult());
            },
            SubscriptionsListenHandler = ListenAsync,
        },
    };

    private static ResourceTemplate Template(string name, string title, string uri, string description) =>
        new() { Name = name, Title = title, UriTemplate = uri, Description = description, MimeType = "application/json" };

    private static HttpContext Http<T>(RequestContext<T> asked) => (HttpContext)asked.Items[McpFace.HttpItem]!;

    private async ValueTask<ReadResourceResult> ReadAsync(string uri, HttpContext http, CancellationToken gone)
    {
        var (operation, subject, _) = Parse(uri) ?? throw Unknown(uri);
        var (json, isRefused) = await tools.ReadResourceAsync(operation, subject, http, gone);
        return isRefused
            ? throw new McpProtocolException(json, McpErrorCode.ResourceNotFound)
            : new() { Contents = [new TextResourceContents { Uri = uri, MimeType = "application/json", Text = json }] };
    }

    /// <summary>The operation that reads a resource, what it is about, and the channel of the live feed that tells of it.</summary>
    private static (string Operation, string Subject, string Channel)? Parse(string uri)
    {
        if (!Uri.TryCreate(uri, UriKind.Absolute, out var parsed) || parsed.Scheme != "agentcluster")
        {
            return null;
        }

        string[] path = [.. parsed.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
        return (parsed.Host, path) switch
        {
            ("tasks", [var id]) => ("task_show", id, "task:" + id),
            ("epics", [var id]) => ("epic_show", id, "epic:" + id),
            ("agents", [var id, "inbox"]) => ("agent_inbox", id, "agent:" + id),
            _ => null,
        };
    }

    private static McpProtocolException Unknown(string uri) =>
        new($"Unknown resource: '{Shapes.Faults.Shown(uri)}'. resources/templates/list shows what there is.", McpErrorCode.ResourceNotFound);

    /// <summary>The older revisions: a session watches until it ends.</summary>
    private async ValueTask<EmptyResult> SubscribeAsync(RequestContext<SubscribeRequestParams> asked, CancellationToken gone)
    {
        var uri = asked.Params?.Uri ?? "";
        _ = await ReadAsync(uri, Http(asked), gone);
        var watched = Watched(asked.Server);
        if (watched.Count >= MostWatched && !watched.Contains(uri))
        {
            throw new McpProtocolException($"Expected at most {MostWatched} subscriptions, found as many.", McpErrorCode.InvalidParams);
        }

        watched.Add(uri);
        return new();
    }

    /// <summary>The newer revision: the request's own answer is the stream.</summary>
    private async ValueTask<EmptyResult> ListenAsync(RequestContext<SubscriptionsListenRequestParams> asked, CancellationToken gone)
    {
        string[] uris = [.. (asked.Params?.Notifications?.ResourceSubscriptions ?? []).Distinct(StringComparer.Ordinal).Take(MostWatched)];
        foreach (var uri in uris)
        {
            _ = await ReadAsync(uri, Http(asked), gone);
        }

        var id = JsonSerializer.SerializeToNode(asked.JsonRpcRequest.Id, McpJsonUtilities.DefaultOptions.GetTypeInfo<RequestId>());
        JsonObject granted = [];
        if (uris.Length > 0)
        {
            granted["resourceSubscriptions"] = new JsonArray([.. uris.Select(uri => JsonValue.Create(uri))]);
        }

        await TellAsync(asked.Server, NotificationMethods.SubscriptionsAcknowledgedNotification, new() { ["notifications"] = granted }, id, gone);
        await FollowAsync(
            uris,
            uri => TellAsync(asked.Server, NotificationMethods.ResourceUpdatedNotification, new() { ["uri"] = uri }, id, gone),
            gone);
        return new();
    }

    /// <summary>What a session watches; it follows the feed as long as its server lives.</summary>
    private WatchedResources Watched(McpServer server) => WatchedResources.Of(server, this);

    /// <summary>Tells of each change until nobody listens any more.</summary>
    /// <param name="uris">What is watched.</param>
    /// <param name="tell">Told of one that changed.</param>
    /// <param name="gone">Ends it.</param>
    public async Task FollowAsync(IReadOnlyCollection<string> uris, Func<string, Task> tell, CancellationToken gone)
    {
        var byChannel = uris.Select(uri => (uri, Parse(uri)!.Value.Channel)).ToLookup(each => each.Channel, each => each.uri);
        List<Frame> frames = [];
        while (!feed.IsStopped)
        {
            var (subscription, _) = await feed.SubscribeAsync(after: null, [.. byChannel.Select(each => each.Key)], gone);
            using (subscription)
            {
                while (byChannel.Count > 0 && await subscription!.NextAsync(frames, BetweenLooks, gone) == SubscriptionState.Open)
                {
                    foreach (var uri in frames.SelectMany(frame => frame.Channels).Distinct(StringComparer.Ordinal).SelectMany(channel => byChannel[channel]))
                    {
                        await tell(uri);
                    }
                }
            }

            if (byChannel.Count == 0)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, gone);
            }
        }
    }

    private static Task TellAsync(McpServer server, string method, JsonObject parameters, JsonNode? subscription, CancellationToken gone)
    {
        parameters["_meta"] = new JsonObject { [SubscriptionMeta] = subscription?.DeepClone() };
        return server.SendMessageAsync(new JsonRpcNotification { Method = method, Params = parameters }, gone);
    }
}
