using System.Reflection;
using System.Text.Json;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Server;
using AgentCluster.Bridge.Shapes;

namespace AgentCluster.Bridge.OpenApi;

/// <summary>
/// The description of the API in OpenAPI 3.1, made from what the node really offers: its routes, the shapes that read
/// their requests, and the schemas that their answers declare. Nothing is described twice, so nothing can differ.
/// </summary>
internal static class Document
{
    private const string About =
        "Coordinates agents that work on the same projects. Every path is taken with and without a slash at its end. "
        + "Lengths of texts are counted in UTF-16 units. Unknown fields of a request are refused, except under metadata and requirements. "
        + "A field that may be left out of a body may be null as well. Answers may grow: take fields that you do not know for what they are.";

    /// <summary>What each part of the API is about, by the word in its paths.</summary>
    private static readonly Dictionary<string, string> Parts = new()
    {
        ["node"] = "Whether the node lives and serves, and what its answers mean.",
        ["agents"] = "Who works: registrations, signs of life, and what each holds.",
        ["roles"] = "What is said to everybody who has a role.",
        ["delegations"] = "What agents ask of one another, and how it ended: once each.",
        ["capabilities"] = "Who can do what is asked for.",
        ["tasks"] = "What there is to do, and the sole right to do it: a claim, leased and fenced by a token.",
        ["epics"] = "Tasks that belong together, with a budget and a course.",
        ["repositories"] = "Who works in which copy of a repository on what, and what a merge would come to.",
        ["conflicts"] = "What gets in each other's way, what was tried about it, and what a human must decide.",
        ["resources"] = "What there is to share, and who has how much of it for how long.",
        ["policies"] = "How far agents may go together, and whether something would go too far.",
        ["import"] = "Other trackers' exports, taken over row by row.",
        ["keys"] = "Who may ask what of a node that does not trust its machine.",
        ["audit"] = "Who was refused what, and who gave and took rights.",
        ["events"] = "What happens, as it happens.",
        ["cluster"] = "What the node carries, and what it is set to.",
    };

    /// <summary>Writes the whole document.</summary>
    /// <param name="routes">All that the node offers.</param>
    public static byte[] Write(IReadOnlyList<Route> routes)
    {
        using var json = new PooledJson();
        var writer = json.Writer;
        writer.WriteStartObject();
        writer.WriteString("openapi"u8, "3.1.0"u8);
        WriteInfo(writer);
        writer.WriteStartArray("servers"u8);
        writer.WriteStartObject();
        writer.WriteString("url"u8, "/"u8);
        writer.WriteString("description"u8, "The node that serves this document."u8);
        writer.WriteEndObject();
        writer.WriteEndArray();
        WriteTags(writer, routes);
        writer.WriteStartObject("paths"u8);
        foreach (var path in routes.GroupBy(route => route.Path))
        {
            writer.WriteStartObject(path.Key);
            foreach (var route in path)
            {
                new OperationWriting(writer, route).Write();
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        WriteComponents(writer, routes);
        writer.WriteEndObject();
        return json.Bytes().ToArray();
    }

    private static void WriteInfo(Utf8JsonWriter json)
    {
        json.WriteStartObject("info"u8);
        json.WriteString("title"u8, "AgentCluster"u8);
        json.WriteString("version"u8, Assembly.GetExecutingAssembly().GetName().Version!.ToString(3));
        json.WriteString("description"u8, About);
        json.WriteStartObject("license"u8);
        json.WriteString("name"u8, "Apache License 2.0"u8);
        json.WriteString("identifier"u8, "Apache-2.0"u8);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteTags(Utf8JsonWriter json, IReadOnlyList<Route> routes)
    {
        json.WriteStartArray("tags"u8);
        foreach (var tag in routes.Select(OperationWriting.TagOf).Distinct())
        {
            json.WriteStartObject();
            json.WriteString("name"u8, tag);
            json.WriteString("description"u8, Parts.GetValueOrDefault(tag, $"Everything under /api/v1/{tag}/."));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteComponents(Utf8JsonWriter json, IReadOnlyList<Route> routes)
    {
        json.WriteStartObject("components"u8);
        json.WriteStartObject("securitySchemes"u8);
        json.WriteStartObject(OperationWriting.Bearer);
        json.WriteString("type"u8, "http"u8);
        json.WriteString("scheme"u8, "bearer"u8);
        json.WriteString("description"u8, "A key, or an agent's handle. Where the node trusts its machine, none is asked for."u8);
        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteStartObject("schemas"u8);
        foreach (var schema in ObjectSchema.NamedIn(routes.SelectMany(OperationWriting.SchemasOf)))
        {
            json.WriteStartObject(schema.Name!);
            schema.WriteFields(json);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }
}
