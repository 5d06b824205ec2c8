using AgentCluster.Actors;
using AgentCluster.Domain.ConflictDetector;
using AgentCluster.Domain.Conflicts;

namespace AgentCluster.Domain.Queries;

/// <summary>Which conflicts to list. What is null does not narrow.</summary>
public sealed record ConflictFilter
{
    /// <summary>That stand like this.</summary>
    public ConflictStatus? Status { get; init; }

    /// <summary>Of this type.</summary>
    public ConflictType? Type { get; init; }

    /// <summary>As bad as this.</summary>
    public Severity? Severity { get; init; }

    /// <summary>In this repository.</summary>
    public string? Repository { get; init; }

    /// <summary>That this agent is part of.</summary>
    public string? Agent { get; init; }
}

/// <summary>A conflict and where it is.</summary>
/// <param name="Repository">Its name.</param>
/// <param name="Conflict">All of it.</param>
public sealed record ConflictItem(string Repository, Conflict Conflict);

/// <summary>A page of conflicts.</summary>
/// <param name="Conflicts">Newest first.</param>
/// <param name="Total">How many there are on all pages.</param>
public sealed record ConflictPage(IReadOnlyList<ConflictItem> Conflicts, long Total);

/// <summary>Reads conflicts from their committed rows.</summary>
/// <param name="rows">The store's rows. Its <see cref="StoreUnavailableException"/> goes through.</param>
public sealed class ConflictQueries(IRowReader rows)
{
    private const int MostOfTask = 20;

    /// <summary>Lists conflicts.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="limit">1 to 200.</param>
    /// <param name="offset">At least 0.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask<ConflictPage> ListAsync(ConflictFilter filter, int limit, int offset, CancellationToken cancellationToken)
    {
        List<RowCondition> where = [];
        Add("status", RowTest.Equal, filter.Status?.Word());
        Add("type", RowTest.Equal, filter.Type?.Word());
        Add("severity", RowTest.Equal, filter.Severity?.Word());
        Add("repository", RowTest.Equal, filter.Repository);
        Add("agents", RowTest.Contains, filter.Agent is { } agent ? Lines.Needle(agent) : null);
        var page = await rows.QueryAsync(
            new(DetectorTables.Conflict) { Where = where, OrderBy = [new("detected_at", Descending: true)], Limit = limit, Offset = offset, WithTotal = true },
            cancellationToken);
        return new([.. page.Rows.Select(Read)], page.Total!.Value);

        void Add(string column, RowTest test, string? value)
        {
            if (value is not null)
            {
                where.Add(new(column, test, RowValue.Of(value)));
            }
        }
    }

    /// <summary>A conflict; null when there is none of that id.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask<ConflictItem?> FindAsync(ConflictId id, CancellationToken cancellationToken)
    {
        var found = await rows.ReadAsync(DetectorTables.Conflict, [id.Value], cancellationToken);
        return found is [var row] ? Read(row) : null;
    }

    /// <summary>The conflicts that stand in a task's way.</summary>
    /// <param name="task">The task.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>At most 20.</returns>
    public async ValueTask<IReadOnlyList<ConflictItem>> OfTaskAsync(TaskId task, CancellationToken cancellationToken)
    {
        var page = await rows.QueryAsync(
            new(DetectorTables.Conflict)
            {
                Where = [new("open", RowTest.Equal, RowValue.Of(true)), new("tasks", RowTest.Contains, RowValue.Of(Lines.Needle(task.Value)))],
                OrderBy = [new("detected_at")],
                Limit = MostOfTask,
            },
            cancellationToken);
        return [.. page.Rows.Select(Read)];
    }

    private static ConflictItem Read(Row row)
    {
        var (repository, conflict) = ConflictRow.Read(row);
        return new(repository, conflict);
    }
}
