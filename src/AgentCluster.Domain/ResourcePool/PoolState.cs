using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AgentCluster.Actors;
using static AgentCluster.Domain.ResourcePool.PoolEvent;

namespace AgentCluster.Domain.ResourcePool;

/// <summary>What there is, who has how much of it, and which rows are to be written. What is over is kept until its row is.</summary>
/// <param name="pools">What there is.</param>
/// <param name="allocations">Those that are not over.</param>
/// <param name="places">How many there ever were.</param>
/// <param name="limits">How much one agent may have.</param>
[method: JsonConstructor]
public sealed class PoolState(ValueList<Pool> pools, ValueList<Allocation> allocations = default, long places = 0, ValueList<Amount> limits = default) : IRowState
{
    private readonly SortedSet<string> _touched = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, Allocation> _unwritten = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, TimeSpan> _seen = new(StringComparer.Ordinal);
    private ImmutableSortedDictionary<string, Pool> _pools = pools.ToImmutableSortedDictionary(pool => pool.Name, pool => pool, StringComparer.Ordinal);

    private ImmutableSortedDictionary<string, Allocation> _allocations =
        allocations.ToImmutableSortedDictionary(each => each.Id.Value, each => each, StringComparer.Ordinal);

    private ImmutableSortedDictionary<string, decimal> _allocated = allocations
        .SelectMany(each => each.Amounts)
        .Aggregate(ImmutableSortedDictionary.Create<string, decimal>(StringComparer.Ordinal), Plus);

    /// <summary>What there is, by name.</summary>
    public ValueList<Pool> Pools => _pools.Values.ToValueList();

    /// <summary>Those that are not over, by id.</summary>
    public ValueList<Allocation> Allocations => Active.ToValueList();

    /// <summary>How many there ever were.</summary>
    public long Places { get; private set; } = places;

    /// <summary>How much one agent may have, by resource.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<Amount> Limits { get; private set; } = limits;

    internal IEnumerable<Allocation> Active => _allocations.Values;

    internal int Count => _allocations.Count;

    internal Allocation? Find(AllocationId id) => _allocations.GetValueOrDefault(id.Value);

    internal PoolView? Find(string resource) => _pools.TryGetValue(resource, out var pool) ? View(pool) : null;

    internal PoolView View(Pool pool) => new(pool, _allocated.GetValueOrDefault(pool.Name));

    internal int CountOf(AgentId agent) => Active.Count(each => each.Agent == agent);

    /// <summary>Soft: monotonic time of when it was given or renewed; null when that is not known, since a recovery.</summary>
    internal TimeSpan? SeenAt(AllocationId id) => _seen.TryGetValue(id.Value, out var seen) ? seen : null;

    /// <inheritdoc/>
    public void TakeTouched(ICollection<RowKey> into)
    {
        foreach (var id in _touched)
        {
            into.Add(AllocationRow.Key(new(id)));
        }

        _touched.Clear();
    }

    /// <inheritdoc/>
    public Row? Project(RowKey key) =>
        _allocations.TryGetValue(key.Id, out var active) ? AllocationRow.Write(active)
        : _unwritten.TryGetValue(key.Id, out var over) ? AllocationRow.Write(over)
        : null;

    /// <inheritdoc/>
    public void Forget(RowKey key) => _unwritten.Remove(key.Id);

    internal void Apply(PoolEvent happened)
    {
        switch (happened)
        {
            case PoolDeclared e:
                _pools = _pools.SetItem(e.Pool.Name, e.Pool);
                break;
            case ResourcesAllocated e:
                _allocated = e.Allocation.Amounts.Aggregate(_allocated, Plus);
                Places = Math.Max(Places, e.Allocation.Place);
                Put(e.Allocation);
                break;
            case AllocationRenewed e when Find(e.Id) is { } known:
                Put(known with { TtlSeconds = e.TtlSeconds, RenewedAt = e.At, Renewal = known.Renewal + 1 });
                break;
            case AgentsLimited e:
                Limits = e.Limits;
                break;
            case AllocationSeen e when Find(e.Id) is not null:
                _seen[e.Id.Value] = e.Uptime;
                break;
            case AllocationEnded e when Find(e.Id) is { } known:
                _allocations = _allocations.Remove(e.Id.Value);
                _allocated = known.Amounts.Aggregate(_allocated, Minus);
                _unwritten[e.Id.Value] = known with { End = e.End, EndedAt = e.At };
                _touched.Add(e.Id.Value);
                _seen.Remove(e.Id.Value);
                break;
        }
    }

    private void Put(Allocation allocation)
    {
        _allocations = _allocations.SetItem(allocation.Id.Value, allocation);
        _touched.Add(allocation.Id.Value);
    }

    private static ImmutableSortedDictionary<string, decimal> Plus(ImmutableSortedDictionary<string, decimal> sums, Amount amount) =>
        sums.SetItem(amount.Resource, sums.GetValueOrDefault(amount.Resource) + amount.Value);

    private static ImmutableSortedDictionary<string, decimal> Minus(ImmutableSortedDictionary<string, decimal> sums, Amount amount) =>
        Plus(sums, amount with { Value = -amount.Value });
}
