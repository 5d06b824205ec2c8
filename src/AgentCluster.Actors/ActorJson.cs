using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace AgentCluster.Actors;

/// <summary>How one kind of actor is written to disk and to the wire.</summary>
/// <param name="Commands">Commands that travel as messages or timers, or are asked of another node, by name.</param>
/// <param name="Events">Facts, by name.</param>
/// <param name="Replies">Replies that are remembered, or sent to another node, by name.</param>
/// <param name="Snapshot">The whole state; null for a kind that recovers from its rows.</param>
public sealed record ActorJson(NamedJson Commands, NamedJson Events, NamedJson Replies, JsonTypeInfo? Snapshot);

/// <summary>
/// Writes the records of a closed set as a name and a payload. The names are those of the base type's
/// <see cref="JsonDerivedTypeAttribute"/>s: they carry a version, are kept for ever, and are not the class names, so a
/// rename is safe.
/// </summary>
public sealed class NamedJson
{
    private readonly Dictionary<Type, (string Name, JsonTypeInfo Json)> _byType = [];
    private readonly Dictionary<string, JsonTypeInfo> _byName = new(StringComparer.Ordinal);

    /// <summary>Reads the names from one or more polymorphic base types.</summary>
    /// <param name="bases">From a source-generated context.</param>
    public NamedJson(params ReadOnlySpan<JsonTypeInfo> bases)
    {
        foreach (var json in bases)
        {
            foreach (var derived in json.PolymorphismOptions?.DerivedTypes ?? [])
            {
                var name = (string)derived.TypeDiscriminator!;
                var concrete = json.Options.GetTypeInfo(derived.DerivedType);
                _byType.Add(derived.DerivedType, (name, concrete));
                _byName.Add(name, concrete);
            }
        }
    }

    /// <summary>Names a record that is not one of several of a base type.</summary>
    /// <param name="name">With its version; kept for ever.</param>
    public JsonTypeInfo this[string name]
    {
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            _byType.Add(value.Type, (name, value));
            _byName.Add(name, value);
        }
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
        _byName.TryGetValue(name, out var json)
            ? JsonSerializer.Deserialize(payload, json) ?? throw new JsonException($"'{name}' is null.")
            : throw new JsonException($"'{name}' is unknown to this version; it was written by a newer one.");
}
