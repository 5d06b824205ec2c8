using System.Text.Json.Serialization;

namespace AgentCluster.Domain;

/// <summary>What a change makes of a field that may be empty. A field that is left alone has no change at all: null.</summary>
/// <typeparam name="T">The field's type.</typeparam>
/// <param name="Value">What it is from here on; null empties it.</param>
public readonly record struct Change<T>([property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] T? Value);
