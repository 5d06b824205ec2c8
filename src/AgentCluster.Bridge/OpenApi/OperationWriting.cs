using System.Globalization;
using System.Text.Json;
using AgentCluster.Bridge.Http;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Server;
using AgentCluster.Domain.Access;
using Microsoft.AspNetCore.Http;

namespace AgentCluster.Bridge.OpenApi;

/// <summary>Describes one route.</summary>
/// <param name="json">In the object of its path.</param>
/// <param name="route">The route.</param>
internal sealed class OperationWriting(Utf8JsonWriter json, Route route)
{
    /// <summary>The name of the security scheme.</summary>
    public const string Bearer = "bearer";

    private readonly ObjectSchema _request = route.Operation.Describe();

    /// <summary>The part of the API that a route belongs to: the first word of its path that is not the API's own.</summary>
    /// <param name="route">The route.</param>
    public static string TagOf(Route route) =>
        route.Path.Split('/', StringSplitOptions.RemoveEmptyEntries) is ["api", _, var part, ..] ? part : "node";

    /// <summary>Every schema that a route's answers use.</summary>
    /// <param name="route">The route.</param>
    public static IEnumerable<Schema> SchemasOf(Route route) =>
        route.Operation.Answers.Results.Select(result => result.Body).OfType<Schema>().Concat(RefusalsOf(route).Select(kind => kind.Schema));

    /// <summary>Describes it.</summary>
    public void Write()
    {
        var operation = route.Operation;
        json.WriteStartObject(route.Method.ToLowerInvariant());
        json.WriteString("operationId"u8, operation.Name);
        json.WriteString("summary"u8, operation.Summary);
        json.WriteString("description"u8, operation.Scope == Scope.Open
            ? $"{operation.Summary}. Open to whoever reaches the node."
            : $"{operation.Summary}. Needs the scope {operation.Scope.Word()}.");
        json.WriteStartArray("tags"u8);
        json.WriteStringValue(TagOf(route));
        json.WriteEndArray();
        WriteSecurity(operation.Scope);
        new ParameterWriting(json, route).Write(IsQuery ? _request : Is.Object());
        WriteBody();
        WriteResponses();
        json.WriteEndObject();
    }

    private bool IsQuery => route.Method == HttpMethods.Get || route.Operation is Streaming;

    private static IEnumerable<ProblemKind> RefusalsOf(Route route)
    {
        var common = route.Method == HttpMethods.Get
            ? Answers.RefusalsOfEvery
            : Answers.RefusalsOfEvery.AddRange(Answers.RefusalsOfEveryWrite);
        return route.Operation.Answers.Refusals.Concat(common).Distinct();
    }

    private void WriteSecurity(Scope scope)
    {
        json.WriteStartArray("security"u8);
        if (scope != Scope.Open)
        {
            // Either: under local trust without, else with a key or a handle that has the scope.
            json.WriteStartObject();
            json.WriteEndObject();
            json.WriteStartObject();
            json.WriteStartArray(Bearer);
            json.WriteStringValue(scope.Word());
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private void WriteBody()
    {
        var media = route.Operation is Streaming streaming ? streaming.Takes : IsQuery ? [] : ["application/json"];
        if (media.Count == 0)
        {
            return;
        }

        json.WriteStartObject("requestBody"u8);
        json.WriteBoolean("required"u8, route.Operation is Streaming || _request.Properties.Any(property => property.IsRequired));
        json.WriteStartObject("content"u8);
        foreach (var type in media)
        {
            json.WriteStartObject(type);
            json.WritePropertyName("schema"u8);
            if (route.Operation is Streaming)
            {
                Is.Text.Write(json);
            }
            else
            {
                _request.Write(json);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteResponses()
    {
        json.WriteStartObject("responses"u8);
        foreach (var result in route.Operation.Answers.Results.GroupBy(result => result.Status))
        {
            WriteResult(result.Key, [.. result]);
        }

        if (route.Operation.Answers.IsTagged && route.Method == HttpMethods.Get)
        {
            WriteResult(StatusCodes.Status304NotModified, []);
        }

        foreach (var status in RefusalsOf(route).GroupBy(kind => kind.Status).OrderBy(status => status.Key))
        {
            WriteRefusals(status.Key, [.. status]);
        }

        json.WriteEndObject();
    }

    private void WriteResult(int status, IReadOnlyList<Result> results)
    {
        json.WriteStartObject(status.ToString(CultureInfo.InvariantCulture));
        json.WriteString("description"u8, status switch
        {
            StatusCodes.Status101SwitchingProtocols => "The connection goes on in the other protocol."u8,
            StatusCodes.Status201Created => "Created."u8,
            StatusCodes.Status204NoContent => "Done, with nothing to show."u8,
            StatusCodes.Status304NotModified => "What is shown is what If-None-Match names."u8,
            _ => "Done."u8,
        });
        json.WriteStartObject("headers"u8);
        if (route.Operation.Answers.IsTagged && (status == StatusCodes.Status304NotModified || results.Any(result => result.Body is not null)))
        {
            WriteHeader("ETag", "Names what is shown, and its version.", Is.Text, required: true);
        }

        if (status == StatusCodes.Status201Created)
        {
            WriteHeader("Location", "Where what was created is found; none where many things were.", Is.Text, required: false);
        }

        json.WriteEndObject();
        if (results.Any(result => result.Body is not null))
        {
            json.WriteStartObject("content"u8);
            foreach (var result in results)
            {
                WriteContent(result.Media!, result.Body!);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void WriteRefusals(int status, IReadOnlyList<ProblemKind> kinds)
    {
        json.WriteStartObject(status.ToString(CultureInfo.InvariantCulture));
        json.WriteString("description"u8, string.Join(' ', kinds.Select(kind => $"`{kind.Code}`: {kind.Title}")));
        json.WriteStartObject("headers"u8);
        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable or StatusCodes.Status507InsufficientStorage)
        {
            WriteHeader("Retry-After", "After how many seconds to try again.", Is.Count, required: true);
        }
        else if (status == StatusCodes.Status401Unauthorized)
        {
            WriteHeader("WWW-Authenticate", "How to say who calls.", Is.Text, required: true);
        }

        json.WriteEndObject();
        json.WriteStartObject("content"u8);
        WriteContent("application/problem+json", kinds.Count == 1 ? kinds[0].Schema : new EitherSchema([.. kinds.Select(kind => kind.Schema)]));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteHeader(string name, string description, Schema schema, bool required)
    {
        json.WriteStartObject(name);
        json.WriteString("description"u8, description);
        json.WriteBoolean("required"u8, required);
        json.WritePropertyName("schema"u8);
        schema.Write(json);
        json.WriteEndObject();
    }

    private void WriteContent(string media, Schema schema)
    {
        json.WriteStartObject(media);
        json.WritePropertyName("schema"u8);
        schema.Write(json);
        json.WriteEndObject();
    }
}
