using AgentCluster.Actors;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Delegations;
using AgentCluster.Domain.Mailboxes;

namespace AgentCluster.Domain.Queries;

/// <summary>Which delegations to list. What is null does not narrow.</summary>
public sealed record DelegationFilter
{
    /// <summary>Of this delegator.</summary>
    public string? From { get; init; }

    /// <summary>To this agent.</summary>
    public string? To { get; init; }

    /// <summary>That stand like this.</summary>
    public DelegationStatus? Status { get; init; }

    /// <summary>That can still change, or cannot.</summary>
    public bool? Open { get; init; }
}

/// <summary>A page of delegations.</summary>
/// <param name="Delegations">Oldest first, without what was said.</param>
/// <param name="Total">How many there are on all pages.</param>
public sealed record DelegationPage(IReadOnlyList<Delegation> Delegations, long Total);

/// <summary>Reads delegations from their committed rows.</summary>
/// <param name="rows">The store's rows. Its <see cref="StoreUnavailableException"/> goes through.</param>
public sealed class DelegationQueries(IRowReader rows)
{
    private const int MostHolders = 1_000;
    private readonly AgentQueries _agents = new(rows);

    /// <summary>Lists delegations.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="limit">1 to 200.</param>
    /// <param name="offset">At least 0.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask<DelegationPage> ListAsync(DelegationFilter filter, int limit, int offset, CancellationToken cancellationToken)
    {
        List<RowCondition> where = [];
        Add("from_agent", filter.From is { } from ? RowValue.Of(from) : null);
        Add("to_agent", filter.To is { } to ? RowValue.Of(to) : null);
        Add("status", filter.Status is { } status ? RowValue.Of(status.Word()) : null);
        Add("open", filter.Open is { } open ? RowValue.Of(open) : null);
        var page = await rows.QueryAsync(
            new(AgentTables.Delegation) { Where = where, OrderBy = [new("created_at")], Limit = limit, Offset = offset, WithTotal = true },
            cancellationToken);
        return new([.. page.Rows.Select(DelegationRow.Read)], page.Total!.Value);

        void Add(string column, RowValue? value)
        {
            if (value is { } wanted)
            {
                where.Add(new(column, RowTest.Equal, wanted));
            }
        }
    }

    /// <summary>A delegation; null when there is none of that id.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask<Delegation?> FindAsync(DelegationId id, CancellationToken cancellationToken)
    {
        var found = await rows.ReadAsync(AgentTables.Delegation, [id.Value], cancellationToken);
        return found is [var row] ? DelegationRow.Read(row) : null;
    }

    /// <summary>What was said of a delegation.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>The request, and the result where there is one.</returns>
    public async ValueTask<(Content? Request, Content? Result)> TextAsync(DelegationId id, CancellationToken cancellationToken)
    {
        var (request, result) = (DelegationRow.RequestKey(id), DelegationRow.ResultKey(id));
        var found = await rows.ReadAsync(AgentTables.DelegationText, [request.Id, result.Id], cancellationToken);
        return (Of(request), Of(result));

        Content? Of(RowKey key) => found.FirstOrDefault(row => row.Key == key) is { } row ? DelegationRow.ReadContent(row) : null;
    }

    /// <summary>Who has a role, and what each has to do.</summary>
    /// <param name="role">The role.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>At most 1,000.</returns>
    public async ValueTask<IReadOnlyList<Holder>> HoldersAsync(string role, CancellationToken cancellationToken)
    {
        var page = await _agents.ListAsync(new() { Role = role }, MostHolders, offset: 0, cancellationToken);
        List<AgentItem> holders = [.. page.Agents.Where(item => item.Agent.Profile.Roles.AsSpan().Contains(role))];
        var open = holders.Count == 0
            ? []
            : (await rows.QueryAsync(
                new(AgentTables.Delegation)
                {
                    Where =
                    [
                        new("open", RowTest.Equal, RowValue.Of(true)),
                        new("to_agent", RowTest.In, [.. holders.Select(item => RowValue.Of(item.Agent.Id.Value))]),
                    ],
                    Limit = MostHolders * 10,
                },
                cancellationToken)).Rows.CountBy(row => row.Columns[1].Text!).ToDictionary();
        return [.. holders.Select(item => new Holder(item.Agent.Id, item.Agent.Online, open.GetValueOrDefault(item.Agent.Id.Value), item.Claims))];
    }
}
