using AgentCluster.Actors;
using AgentCluster.Domain.Policies;
using AgentCluster.Domain.ResourcePool;

namespace AgentCluster.Domain.Queries;

/// <summary>Which allocations to list. What is null does not narrow.</summary>
public sealed record AllocationFilter
{
    /// <summary>Of this agent.</summary>
    public string? Agent { get; init; }

    /// <summary>For this task.</summary>
    public string? Task { get; init; }

    /// <summary>That are not over, or are.</summary>
    public bool? Active { get; init; }
}

/// <summary>A page of allocations.</summary>
/// <param name="Allocations">Newest first.</param>
/// <param name="Total">How many there are on all pages.</param>
public sealed record AllocationPage(IReadOnlyList<Allocation> Allocations, long Total);

/// <summary>Reads allocations, also those that are over, from their committed rows.</summary>
/// <param name="rows">The store's rows. Its <see cref="StoreUnavailableException"/> goes through.</param>
public sealed class AllocationQueries(IRowReader rows)
{
    /// <summary>Lists allocations.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="limit">1 to 200.</param>
    /// <param name="offset">At least 0.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask<AllocationPage> ListAsync(AllocationFilter filter, int limit, int offset, CancellationToken cancellationToken)
    {
        List<RowCondition> where = [];
        Add("agent", filter.Agent is { } agent ? RowValue.Of(agent) : null);
        Add("task", filter.Task is { } task ? RowValue.Of(task) : null);
        Add("active", filter.Active is { } active ? RowValue.Of(active) : null);
        var page = await rows.QueryAsync(
            new(PoolTables.Allocation) { Where = where, OrderBy = [new("allocated_at", Descending: true)], Limit = limit, Offset = offset, WithTotal = true },
            cancellationToken);
        return new([.. page.Rows.Select(AllocationRow.Read)], page.Total!.Value);

        void Add(string column, RowValue? value)
        {
            if (value is { } wanted)
            {
                where.Add(new(column, RowTest.Equal, wanted));
            }
        }
    }

    /// <summary>What some agents have, each resource once for each.</summary>
    /// <param name="agents">At most 100.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask<ValueList<Holding>> HeldAsync(ValueList<AgentId> agents, CancellationToken cancellationToken)
    {
        var page = await rows.QueryAsync(
            new(PoolTables.Allocation)
            {
                Where = [new("active", RowTest.Equal, RowValue.Of(true)), new("agent", RowTest.In, [.. agents.Select(agent => RowValue.Of(agent.Value))])],
                Limit = Allocation.Most,
            },
            cancellationToken);
        return page.Rows.Select(AllocationRow.Read)
            .SelectMany(allocation => allocation.Amounts, (allocation, amount) => (allocation.Agent, amount.Resource, amount.Value))
            .GroupBy(each => (each.Agent, each.Resource), each => each.Value)
            .OrderBy(held => held.Key.Agent.Value, StringComparer.Ordinal)
            .ThenBy(held => held.Key.Resource, StringComparer.Ordinal)
            .Select(held => new Holding(held.Key.Agent, new(held.Key.Resource, held.Sum()))).ToValueList();
    }

    /// <summary>An allocation; null when there never was one of that id.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask<Allocation?> FindAsync(AllocationId id, CancellationToken cancellationToken)
    {
        var found = await rows.ReadAsync(PoolTables.Allocation, [id.Value], cancellationToken);
        return found is [var row] ? AllocationRow.Read(row) : null;
    }
}
