using System.Text.Json;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Server;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Delegations;
using AgentCluster.Domain.Tasks;
using ModelContextProtocol.Protocol;
using McpTool = ModelContextProtocol.Protocol.Tool;

namespace AgentCluster.Bridge.Mcp;

/// <summary>Describes tools from the operations that they are made of: nothing is said twice.</summary>
internal static class ToolSchemas
{
    private static readonly Schema Name = new TextSchema(1, Bounds.NameLength) { Pattern = Forms.Name.Pattern };

    private static readonly ObjectSchema News = Is.Object()
        .With("seq", Is.Count)
        .Maybe("delegation_id", Is.Id)
        .Maybe("task_id", Is.Id)
        .With("status", Is.OneOf([.. Enum.GetValues<DelegationStatus>().Select(status => status.Word()), WorkStatus.Deleted.Word()]))
        .With("from", Is.Text with { OrNull = true })
        .With("text", Is.Text);

    /// <summary>A tool as clients are shown it.</summary>
    /// <param name="tool">The tool.</param>
    /// <param name="routes">Of its operations, by name.</param>
    public static McpTool Describe(Tool tool, IReadOnlyDictionary<string, Route> routes) => new()
    {
        Name = tool.Name,
        Title = tool.Title,
        Description = tool.Description,
        InputSchema = Input(tool, routes),
        OutputSchema = Output(tool, routes),
        Annotations = new()
        {
            Title = tool.Title,
            ReadOnlyHint = tool.Effect == ToolEffect.Reads,
            DestructiveHint = tool.Effect == ToolEffect.Ends,
            IdempotentHint = tool.Effect == ToolEffect.Reads,
            OpenWorldHint = false,
        },
    };

    private static JsonElement Input(Tool tool, IReadOnlyDictionary<string, Route> routes)
    {
        var cases = tool.Uses.Select(use => CaseOf(use, routes[use.Operation])).ToList();
        var merged = cases.SelectMany(one => one)
            .GroupBy(property => property.Name)
            .Select(same => same.First() with { IsRequired = cases.TrueForAll(one => one.Exists(property => property.Name == same.Key && property.IsRequired)) })
            .ToList();
        return Written(json =>
        {
            var whole = new ObjectSchema { Properties = [.. merged.OrderByDescending(property => property.Name == "agent")], TakesOthers = false };
            WriteWith(json, whole, tool.Own);
        });
    }

    /// <summary>The fields of an operation, as arguments: its subject by name, and who acts as <c>agent</c>.</summary>
    private static List<Property> CaseOf(Use use, Route route)
    {
        List<Property> fields = [.. route.Operation.Describe().Properties.Where(property => property.Name != (use.Agent ?? "agent") && property.Name != use.Watcher)];
        if (use.Subject is { } subject && subject != "agent")
        {
            fields.Insert(0, new(subject, new TextSchema(1, route.Forms[0].Longest) { Pattern = route.Forms[0].Pattern }, IsRequired: true));
        }

        var isActing = use.Agent is not null || use.Watcher is not null || use.Subject == "agent" || route.Operation.Describe().Properties.Any(property => property.Name == "agent");
        fields.Insert(0, new("agent", Name, isActing && route.Operation.Name != "task_available"));
        fields.Add(new("handle", Is.Text, IsRequired: false));
        if (route.Method != "GET")
        {
            fields.Add(new("idempotency_key", new TextSchema(1, Http.RequestHead.LongestKey), IsRequired: false));
        }

        return fields;
    }

    private static JsonElement Output(Tool tool, IReadOnlyDictionary<string, Route> routes)
    {
        var results = tool.Uses.SelectMany(use => routes[use.Operation].Operation.Answers.Results)
            .Concat(tool.Name == "spawn_and_await" ? [.. routes["delegation_show"].Operation.Answers.Results, .. routes["task_show"].Operation.Answers.Results] : [])
            .ToList();
        var bodies = results.Select(result => result.Body).OfType<Schema>().DistinctBy(body => (body as ObjectSchema)?.Name).ToList();
        return Written(json =>
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "object"u8);
            json.WriteStartArray("required"u8);
            json.WriteStringValue("result"u8);
            json.WriteEndArray();
            json.WriteStartObject("properties"u8);
            json.WriteStartObject("result"u8);
            json.WriteStartArray("anyOf"u8);
            bodies.ForEach(body => body.Write(json));
            if (results.Exists(result => result.Body is null))
            {
                json.WriteStartObject();
                json.WriteString("type"u8, "null"u8);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WritePropertyName("unread"u8);
            Is.Count.Write(json);
            json.WritePropertyName("results"u8);
            Is.ListOf(News).Write(json);
            json.WriteEndObject();
            WriteDefinitions(json, bodies);
            json.WriteEndObject();
        });
    }

    private static void WriteWith(Utf8JsonWriter json, ObjectSchema schema, IReadOnlyList<ToolField> own)
    {
        using var plain = JsonDocument.Parse(Written(schema.Write).GetRawText());
        json.WriteStartObject();
        foreach (var keyword in plain.RootElement.EnumerateObject())
        {
            if (keyword.NameEquals("properties"))
            {
                json.WriteStartObject("properties"u8);
                foreach (var property in keyword.Value.EnumerateObject())
                {
                    property.WriteTo(json);
                }

                foreach (var field in own)
                {
                    json.WritePropertyName(field.Name);
                    json.WriteRawValue(field.Schema);
                }

                json.WriteEndObject();
            }
            else
            {
                keyword.WriteTo(json);
            }
        }

        WriteDefinitions(json, schema.Parts);
        json.WriteEndObject();
    }

    private static void WriteDefinitions(Utf8JsonWriter json, IEnumerable<Schema> schemas)
    {
        var named = ObjectSchema.NamedIn(schemas);
        if (named.Count == 0)
        {
            return;
        }

        json.WriteStartObject("$defs"u8);
        foreach (var schema in named)
        {
            json.WriteStartObject(schema.Name!);
            schema.WriteFields(json);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>What stands under components in the API's document stands beside the schema here.</summary>
    private static JsonElement Written(Action<Utf8JsonWriter> write)
    {
        using var json = new PooledJson();
        write(json.Writer);
        return JsonDocument.Parse(json.Text().Replace(ObjectSchema.Components, "#/$defs/", StringComparison.Ordinal)).RootElement;
    }
}
