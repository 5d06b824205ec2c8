using AgentCluster.Actors;

namespace AgentCluster.Runtime.Kinds;

/// <summary>A kind as one node uses it: with its tables by name.</summary>
internal sealed class NodeKind(ActorKind kind)
{
    private readonly Dictionary<string, RowTable> _tables = kind.Tables.ToDictionary(table => table.Name, StringComparer.Ordinal);

    public string Name => kind.Name;

    /// <summary>From 0, for what is counted by kind.</summary>
    public int Number { get; init; }

    public ActorJson Json => kind.Json;

    public bool Replayed => kind.Replayed;

    public RowQuery? Awake => kind.Awake;

    public Machine Create(string name) => kind.Create(name);

    /// <summary>A table that the kind declares.</summary>
    /// <exception cref="InvariantViolatedException">It does not.</exception>
    public RowTable Table(string name) =>
        _tables.TryGetValue(name, out var table)
            ? table
            : throw new InvariantViolatedException($"Kind '{kind.Name}' writes table '{name}' and did not declare it.");
}
