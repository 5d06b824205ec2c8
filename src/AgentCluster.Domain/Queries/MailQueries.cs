using AgentCluster.Actors;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Mailboxes;

namespace AgentCluster.Domain.Queries;

/// <summary>Reads mailboxes from their committed rows.</summary>
/// <param name="rows">The store's rows. Its <see cref="StoreUnavailableException"/> goes through.</param>
public sealed class MailQueries(IRowReader rows)
{
    /// <summary>What lies in a mailbox after a place, in order.</summary>
    /// <param name="agent">Whose.</param>
    /// <param name="after">At least 0.</param>
    /// <param name="limit">1 to 200.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public async ValueTask<IReadOnlyList<MailItem>> ListAsync(AgentId agent, long after, int limit, CancellationToken cancellationToken)
    {
        var page = await rows.QueryAsync(
            new(AgentTables.Mail)
            {
                Where =
                [
                    new("id", RowTest.Greater, RowValue.Of(MailRow.Id(agent, after))),
                    new("id", RowTest.Less, RowValue.Of(MailRow.Id(agent, long.MaxValue))),
                ],
                Limit = limit,
            },
            cancellationToken);
        return [.. page.Rows.Select(MailRow.Read)];
    }
}
