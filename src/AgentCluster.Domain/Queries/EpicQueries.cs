using AgentCluster.Actors;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.TaskRegistry.Rows;

namespace AgentCluster.Domain.Queries;

/// <summary>Which epics to list. What is null does not narrow.</summary>
public sealed record EpicFilter
{
    /// <summary>Of one project.</summary>
    public string? Project { get; init; }

    /// <summary>Where they stand; null: all but deleted ones.</summary>
    public EpicStatus? Status { get; init; }

    /// <summary>That have all of these.</summary>
    public ValueList<string> Tags { get; init; }

    /// <summary>Whose title or description contains each of these; ASCII letters without case.</summary>
    public ValueList<string> Words { get; init; }

    /// <summary>Only those that have ended: completed, failed or cancelled.</summary>
    public bool IsPast { get; init; }
}

/// <summary>A page of epics.</summary>
/// <param name="Epics">Open tasks are counted as pending: where each stands is known to the registry only.</param>
/// <param name="Total">How many there are on all pages.</param>
public sealed record EpicPage(IReadOnlyList<EpicView> Epics, long Total);

/// <summary>Reads epics from their committed rows: what a registry has answered is in them.</summary>
/// <param name="rows">The store's rows. Its <see cref="StoreUnavailableException"/> goes through.</param>
public sealed class EpicQueries(IRowReader rows)
{
    private static readonly RowCondition NotDeleted =
        In(EpicStatus.Planning, EpicStatus.Active, EpicStatus.Completed, EpicStatus.Failed, EpicStatus.Cancelled);

    private static readonly RowCondition Past = In(EpicStatus.Completed, EpicStatus.Failed, EpicStatus.Cancelled);

    /// <summary>Lists epics.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="limit">1 to 200.</param>
    /// <param name="offset">At least 0.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>Oldest first; past ones latest first.</returns>
    public async ValueTask<EpicPage> ListAsync(EpicFilter filter, int limit, int offset, CancellationToken cancellationToken)
    {
        var page = await rows.QueryAsync(
            new(TaskRegistryTables.Epic)
            {
                Where = Conditions(filter),
                OrderBy = [new("created_at", Descending: filter.IsPast)],
                Limit = limit,
                Offset = offset,
                WithTotal = true,
            },
            cancellationToken);
        return new([.. page.Rows.Select(View)], page.Total!.Value);
    }

    /// <summary>The project whose registry is an epic's home; null when there is no such epic. It never changes: cache it.</summary>
    /// <param name="epic">The epic.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask<string?> ProjectOfAsync(EpicId epic, CancellationToken cancellationToken)
    {
        var found = await rows.ReadAsync(TaskRegistryTables.Epic, [epic.Value], cancellationToken);
        return found is [var row] ? row.Owner.Name : null;
    }

    /// <summary>The projects of many epics.</summary>
    /// <param name="epics">At most 1,000.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>Of those that exist.</returns>
    public async ValueTask<IReadOnlyDictionary<EpicId, string>> ProjectsOfAsync(
        IReadOnlyList<EpicId> epics, CancellationToken cancellationToken)
    {
        var found = await rows.ReadAsync(TaskRegistryTables.Epic, [.. epics.Select(epic => epic.Value)], cancellationToken);
        return found.ToDictionary(row => new EpicId(row.Key.Id), row => row.Owner.Name);
    }

    private static EpicView View(Row row) => EpicRow.ReadFacts(row).View(row.Owner.Name, EpicRow.ReadAll(row));

    private static List<RowCondition> Conditions(EpicFilter filter)
    {
        List<RowCondition> where =
        [
            filter.Status is { } status ? new("status", RowTest.Equal, RowValue.Of(status.Word()))
            : filter.IsPast ? Past
            : NotDeleted,
        ];
        if (filter.Project is { } project)
        {
            where.Add(new("project", RowTest.Equal, RowValue.Of(project)));
        }

        where.AddRange(filter.Tags.Select(tag => new RowCondition("tags", RowTest.Contains, RowValue.Of(Lines.Needle(tag)))));
        where.AddRange(filter.Words.Select(word => new RowCondition("words", RowTest.Contains, RowValue.Of(word))));
        return where;
    }

    private static RowCondition In(params EpicStatus[] statuses) =>
        new("status", RowTest.In, [.. statuses.Select(status => RowValue.Of(status.Word()))]);
}
