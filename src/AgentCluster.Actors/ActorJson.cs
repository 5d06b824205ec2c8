using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace AgentCluster.Actors;

/// <summary>How one kind of actor is written to disk and to the wire.</summary>
/// <param name="Commands">Commands that travel as messages or timers, or are asked of another node, by name.</param>
/// <param name="Events">Facts, by name.</param>
/// <param name="Replies">Replies that are remembered, or sent to another node, by name.</param>
/// <param name="Snapshot">The whole state; null for a kind that recovers from its rows.</param>
public sealed record ActorJson(NamedJson Commands, NamedJson Events, NamedJson Replies, Func<JsonTypeInfo>? Snapshot);

/// <summary>
/// Writes the records of a closed set as a name and a payload. The names are those of the base type's
/// <see cref="JsonDerivedTypeAttribute"/>s: they carry a version, are kept for ever, and are not the class names, so a
/// rename is safe. How a record is written is looked up when the first of its type comes: all of them at once were
/// half of a node's start.
/// </summary>
public sealed class NamedJson
{
    private readonly JsonSerializerOptions _json;
    private readonly Dictionary<Type, Contract> _byType = [];
    private readonly Dictionary<string, Contract> _byName = new(StringComparer.Ordinal);

    /// <summary>Reads the names from any number of polymorphic base types.</summary>
    /// <param name="context">Source-generated; it knows every record of the set.</param>
    /// <param name="bases">Each with the records that derive from it.</param>
    public NamedJson(JsonSerializerContext context, params ReadOnlySpan<Type> bases)
        : this(context.Options)
    {
        foreach (var type in bases)
        {
            foreach (var derived in type.GetCustomAttributes<JsonDerivedTypeAttribute>(inherit: false))
            {
                Add((string)derived.TypeDiscriminator!, derived.DerivedType);
            }
        }
    }

    private NamedJson(JsonSerializerOptions json) => _json = json;

    /// <summary>No record at all: for who only listens.</summary>
    public static NamedJson None { get; } = new(JsonSerializerOptions.Default);

    /// <summary>Names a record that is not one of several of a base type.</summary>
    /// <param name="name">With its version; kept for ever.</param>
    public Type this[string name]
    {
        init => Add(name, value);
    }

    /// <summary>All names, in no order.</summary>
    public IReadOnlyCollection<string> Names => _byName.Keys;

    /// <summary>Whether the record has a name on disk. Soft facts have none.</summary>
    /// <param name="value">Any record of the set.</param>
    public bool HasName(object value) => _byType.ContainsKey(value.GetType());

    /// <summary>Writes a record.</summary>
    /// <param name="value">A record that has a name.</param>
    /// <exception cref="JsonException">It has none.</exception>
    public (string Name, byte[] Payload) Write(object value) =>
        _byType.TryGetValue(value.GetType(), out var found)
            ? (found.Name, JsonSerializer.SerializeToUtf8Bytes(value, found.Json))
            : throw new JsonException($"{value.GetType().Name} has no name on disk: add a JsonDerivedType to its base.");

    /// <summary>Reads a record.</summary>
    /// <param name="name">As written.</param>
    /// <param name="payload">As written.</param>
    /// <exception cref="JsonException">The name is unknown here, or a field is missing. Nothing is guessed.</exception>
    public object Read(string name, ReadOnlySpan<byte> payload) =>
        _byName.TryGetValue(name, out var found)
            ? JsonSerializer.Deserialize(payload, found.Json) ?? throw new JsonException($"'{name}' is null.")
            : throw new JsonException($"'{name}' is unknown to this version; it was written by a newer one.");

    private void Add(string name, Type type)
    {
        Contract contract = new(name, type, _json);
        _byType.Add(type, contract);
        _byName.Add(name, contract);
    }

    private sealed class Contract(string name, Type type, JsonSerializerOptions json)
    {
        private JsonTypeInfo? _json;

        public string Name => name;

        public JsonTypeInfo Json => _json ??= json.GetTypeInfo(type);
    }
}
