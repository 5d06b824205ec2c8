using AgentCluster.Actors;
using AgentCluster.Domain.Projections;

namespace AgentCluster.Domain.Queries;

/// <summary>A page of what happened to a task.</summary>
/// <param name="Events">Oldest first.</param>
/// <param name="Total">On all pages.</param>
public sealed record HistoryPage(IReadOnlyList<StoredEvent> Events, long Total);

/// <summary>Reads what was computed from the journal.</summary>
/// <param name="rows">The store's rows.</param>
/// <param name="journal">The store's journal.</param>
/// <param name="projections">How far the rows are.</param>
public sealed class HistoryQueries(IRowReader rows, IJournalReader journal, IProjections projections)
{
    /// <summary>What happened to a task, everything included that was answered before this is called.</summary>
    /// <param name="task">The task.</param>
    /// <param name="limit">1 to 200.</param>
    /// <param name="offset">At least 0.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read now, or the rows are too far behind.</exception>
    public async ValueTask<HistoryPage> OfTaskAsync(TaskId task, int limit, int offset, CancellationToken cancellationToken)
    {
        var head = await journal.ReadHeadAsync(cancellationToken);
        await projections.ReachAsync(head, cancellationToken);
        var (after, before) = TaskHistory.Range(task);
        var page = await rows.QueryAsync(
            new(ProjectionTables.TaskHistory)
            {
                Where = [new("id", RowTest.Greater, RowValue.Of(after)), new("id", RowTest.Less, RowValue.Of(before))],
                Limit = limit,
                Offset = offset,
                WithTotal = true,
            },
            cancellationToken);
        JournalPlace[] places = [.. page.Rows.Select(row => new JournalPlace((int)row.Columns[0].Number!.Value, row.Columns[1].Number!.Value))];
        return new(await journal.ReadPlacesAsync(places, cancellationToken), page.Total!.Value);
    }

    /// <summary>What an agent has done, up to a moment ago.</summary>
    /// <param name="agent">The agent.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    public async ValueTask<AgentRecord> OfAgentAsync(AgentId agent, CancellationToken cancellationToken) =>
        await rows.ReadAsync(ProjectionTables.AgentStatistics, [agent.Value], cancellationToken) is [var row] ? AgentStatistics.Read(row) : AgentRecord.None;
}
