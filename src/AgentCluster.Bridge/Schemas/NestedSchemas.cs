using System.Collections.Immutable;
using System.Text.Json;

namespace AgentCluster.Bridge.Schemas;

/// <summary>A list.</summary>
/// <param name="Items">What each item is.</param>
/// <param name="Least">Items at least.</param>
/// <param name="Most">Items at most; null where nothing is promised.</param>
internal sealed record ListSchema(Schema Items, int Least, int? Most) : Schema
{
    /// <inheritdoc/>
    public override IEnumerable<Schema> Parts => [Items];

    /// <inheritdoc/>
    public override void WriteWhole(Utf8JsonWriter json)
    {
        WriteType(json, "array");
        if (Least > 0)
        {
            json.WriteNumber("minItems"u8, Least);
        }

        if (Most is { } most)
        {
            json.WriteNumber("maxItems"u8, most);
        }

        json.WritePropertyName("items"u8);
        Items.Write(json);
    }
}

/// <summary>One field of an object.</summary>
/// <param name="Name">snake_case.</param>
/// <param name="Schema">What it may hold.</param>
/// <param name="IsRequired">Whether it is always there.</param>
internal sealed record Property(string Name, Schema Schema, bool IsRequired);

/// <summary>An object. A named one stands once in a document and is referred to everywhere else.</summary>
internal sealed record ObjectSchema : Schema
{
    /// <summary>Where the API's document holds what names stand for.</summary>
    public const string Components = "#/components/schemas/";

    /// <summary>The name; null for one that is written where it is used.</summary>
    public string? Name { get; init; }

    /// <summary>In the order in which they are written.</summary>
    public ImmutableArray<Property> Properties { get; init; } = [];

    /// <summary>Whether fields that are not listed are taken; null where nothing is promised, because answers may grow.</summary>
    public bool? TakesOthers { get; init; }

    /// <inheritdoc/>
    public override IEnumerable<Schema> Parts => Properties.Select(property => property.Schema);

    /// <summary>Adds a field that is always there.</summary>
    public ObjectSchema With(string name, Schema schema) => this with { Properties = Properties.Add(new(name, schema, IsRequired: true)) };

    /// <summary>Adds a field that may be missing.</summary>
    public ObjectSchema Maybe(string name, Schema schema) => this with { Properties = Properties.Add(new(name, schema, IsRequired: false)) };

    /// <summary>Adds the fields of a page: what is on it, and how many there are on all pages.</summary>
    /// <param name="item">What each item is.</param>
    public ObjectSchema PageOf(Schema item) => With("items", Is.ListOf(item)).With("total", Is.Count);

    /// <summary>Adds all fields of another object.</summary>
    public ObjectSchema With(ObjectSchema fields) => this with { Properties = Properties.AddRange(fields.Properties) };

    /// <inheritdoc/>
    public override void WriteWhole(Utf8JsonWriter json)
    {
        if (Name is null)
        {
            WriteFields(json);
        }
        else if (OrNull)
        {
            json.WriteStartArray("anyOf"u8);
            WriteReference(json);
            json.WriteStartObject();
            json.WriteString("type"u8, "null"u8);
            json.WriteEndObject();
            json.WriteEndArray();
        }
        else
        {
            json.WriteString("$ref"u8, Components + Name);
        }
    }

    /// <summary>Every named object that schemas are made of, by name.</summary>
    /// <param name="schemas">Where to begin.</param>
    public static IReadOnlyCollection<ObjectSchema> NamedIn(IEnumerable<Schema> schemas)
    {
        var found = new SortedDictionary<string, ObjectSchema>(StringComparer.Ordinal);
        var open = new Stack<Schema>(schemas);
        while (open.TryPop(out var schema))
        {
            // A schema cannot hold itself, so following the parts of every use comes to an end.
            if (schema is ObjectSchema { Name: { } name } named)
            {
                found.TryAdd(name, named with { OrNull = false });
            }

            foreach (var part in schema.Parts)
            {
                open.Push(part);
            }
        }

        return found.Values;
    }

    /// <summary>Writes what the name stands for.</summary>
    /// <param name="json">In an object that is open.</param>
    public void WriteFields(Utf8JsonWriter json)
    {
        WriteType(json, "object");
        if (Properties.IsEmpty)
        {
            WriteOpenness(json);
            return;
        }

        json.WriteStartArray("required"u8);
        foreach (var property in Properties.Where(property => property.IsRequired))
        {
            json.WriteStringValue(property.Name);
        }

        json.WriteEndArray();
        json.WriteStartObject("properties"u8);
        foreach (var property in Properties)
        {
            json.WritePropertyName(property.Name);
            property.Schema.Write(json);
        }

        json.WriteEndObject();
        WriteOpenness(json);
    }

    private void WriteOpenness(Utf8JsonWriter json)
    {
        if (TakesOthers is { } others)
        {
            json.WriteBoolean("additionalProperties"u8, others);
        }
    }

    private void WriteReference(Utf8JsonWriter json) => (this with { OrNull = false }).Write(json);
}

/// <summary>An object of exactly one of several sorts.</summary>
/// <param name="Cases">At least two.</param>
internal sealed record EitherSchema(params IReadOnlyList<ObjectSchema> Cases) : Schema
{
    /// <inheritdoc/>
    public override IEnumerable<Schema> Parts => Cases;

    /// <inheritdoc/>
    public override void WriteWhole(Utf8JsonWriter json)
    {
        json.WriteStartArray("oneOf"u8);
        foreach (var one in Cases)
        {
            one.Write(json);
        }

        json.WriteEndArray();
    }
}

/// <summary>An object whose fields have names of the caller, and values of one sort.</summary>
/// <param name="Values">What each value is.</param>
internal sealed record MapSchema(Schema Values) : Schema
{
    /// <inheritdoc/>
    public override IEnumerable<Schema> Parts => [Values];

    /// <inheritdoc/>
    public override void WriteWhole(Utf8JsonWriter json)
    {
        WriteType(json, "object");
        json.WritePropertyName("additionalProperties"u8);
        Values.Write(json);
    }
}
