using System.Text.Json;
using AgentCluster.Bridge.Http;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Server;
using Microsoft.AspNetCore.Http;

namespace AgentCluster.Bridge.OpenApi;

/// <summary>Describes what of a request stands in the path, the query and the headers.</summary>
/// <param name="json">In the object of the operation.</param>
/// <param name="route">The route.</param>
internal sealed class ParameterWriting(Utf8JsonWriter json, Route route)
{
    /// <summary>Describes all of them.</summary>
    /// <param name="query">What the query may hold.</param>
    public void Write(ObjectSchema query)
    {
        json.WriteStartArray("parameters"u8);
        foreach (var (name, form) in route.Variables)
        {
            Write("path", name, new TextSchema(1, form.Longest) { Pattern = form.Pattern }, required: true);
        }

        foreach (var property in query.Properties)
        {
            Write("query", property.Name, property.Schema with { OrNull = false }, property.IsRequired);
        }

        WriteHeaders();
        json.WriteEndArray();
    }

    private void WriteHeaders()
    {
        if (route.Operation is Streaming)
        {
            return;
        }

        if (route.Method != HttpMethods.Get)
        {
            Write("header", RequestHead.IdempotencyKey, new TextSchema(1, RequestHead.LongestKey) { Pattern = "^[!-~]+$" }, required: false);
        }
        else if (route.Operation.Answers.IsTagged)
        {
            Write("header", Tags.IfNoneMatch, new TextSchema(1, Tags.LongestHeader), required: false);
        }

        if (route.Operation.Answers.LooksAtVersion)
        {
            Write("header", Tags.IfMatch, new TextSchema(1, Tags.LongestHeader) { Pattern = "^(\\*|\"[!#-~]*\")$" }, required: false);
        }
    }

    private void Write(string place, string name, Schema schema, bool required)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteString("in"u8, place);
        json.WriteBoolean("required"u8, required);
        if (schema is ListSchema)
        {
            json.WriteString("style"u8, "form"u8);
            json.WriteBoolean("explode"u8, false);
        }

        json.WritePropertyName("schema"u8);
        schema.Write(json);
        json.WriteEndObject();
    }
}
