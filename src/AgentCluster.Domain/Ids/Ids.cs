using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentCluster.Domain;

/// <summary>A text that names one thing. In JSON it is that text.</summary>
/// <typeparam name="TSelf">The id's own type.</typeparam>
public interface IName<TSelf>
    where TSelf : struct, IName<TSelf>
{
    /// <summary>The text.</summary>
    string Value { get; }

    /// <summary>The id of this text.</summary>
    /// <param name="value">Already checked.</param>
    static abstract TSelf Of(string value);
}

/// <summary>Names one task, in all projects.</summary>
/// <param name="Value">A ULID (<see cref="Ulid"/>).</param>
[JsonConverter(typeof(NameJson<TaskId>))]
public readonly record struct TaskId(string Value) : IName<TaskId>
{
    /// <inheritdoc/>
    public static TaskId Of(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Names one epic, in all projects.</summary>
/// <param name="Value">A ULID (<see cref="Ulid"/>).</param>
[JsonConverter(typeof(NameJson<EpicId>))]
public readonly record struct EpicId(string Value) : IName<EpicId>
{
    /// <inheritdoc/>
    public static EpicId Of(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Names one agent in the cluster.</summary>
/// <param name="Value">Chosen by the agent; see <see cref="Storable.IsName"/>.</param>
[JsonConverter(typeof(NameJson<AgentId>))]
public readonly record struct AgentId(string Value) : IName<AgentId>
{
    /// <inheritdoc/>
    public static AgentId Of(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Names one delegation.</summary>
/// <param name="Value">A ULID (<see cref="Ulid"/>).</param>
[JsonConverter(typeof(NameJson<DelegationId>))]
public readonly record struct DelegationId(string Value) : IName<DelegationId>
{
    /// <inheritdoc/>
    public static DelegationId Of(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Names one reservation of paths, in all repositories.</summary>
/// <param name="Value">A ULID (<see cref="Ulid"/>).</param>
[JsonConverter(typeof(NameJson<ReservationId>))]
public readonly record struct ReservationId(string Value) : IName<ReservationId>
{
    /// <inheritdoc/>
    public static ReservationId Of(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Names one conflict, in all repositories.</summary>
/// <param name="Value">A ULID (<see cref="Ulid"/>).</param>
[JsonConverter(typeof(NameJson<ConflictId>))]
public readonly record struct ConflictId(string Value) : IName<ConflictId>
{
    /// <inheritdoc/>
    public static ConflictId Of(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Names one allocation of resources.</summary>
/// <param name="Value">A ULID (<see cref="Ulid"/>).</param>
[JsonConverter(typeof(NameJson<AllocationId>))]
public readonly record struct AllocationId(string Value) : IName<AllocationId>
{
    /// <inheritdoc/>
    public static AllocationId Of(string value) => new(value);

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>A number that only grows over all claims of a project; whoever brings an older one is refused.</summary>
/// <param name="Value">Generation × 2^40 + a counter of the whole registry; zero means "none granted yet".</param>
[JsonConverter(typeof(FencingTokenJson))]
public readonly record struct FencingToken(long Value)
{
    /// <summary>The generation that it was granted in. One of an earlier generation gives no right: what it was granted for may be lost.</summary>
    public int Generation => (int)(Value >> 40);

    /// <summary>The first token that is larger than this one and belongs to <paramref name="generation"/>.</summary>
    /// <param name="generation">How often the store was restored; at least 1.</param>
    public FencingToken Next(int generation) => new(Math.Max(Value, (long)generation << 40) + 1);

    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Writes an id as its text.</summary>
/// <typeparam name="T">The id.</typeparam>
internal sealed class NameJson<T> : JsonConverter<T>
    where T : struct, IName<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        T.Of(reader.GetString() ?? throw new JsonException($"Expected the text of a {typeof(T).Name}, found null."));

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Value);
}

/// <summary>Writes a token as its number.</summary>
internal sealed class FencingTokenJson : JsonConverter<FencingToken>
{
    public override FencingToken Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetInt64());

    public override void Write(Utf8JsonWriter writer, FencingToken value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.Value);
}
