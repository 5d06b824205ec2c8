using System.Text;
using AgentCluster.Actors;

namespace AgentCluster.Storage.Postgres;

/// <summary>
/// The statement that writes a group which touches certain tables. Groups of one shape share a statement, so it is planned
/// once a connection; there are about as many shapes as kinds of decisions.
/// </summary>
/// <remarks>
/// All of a group is one statement, so that a node which is stopped in the middle holds no lock: the server needs nothing more
/// of it. Lease rows are looked up and locked one by one, in the order in which batches are given, that of their shards (a plan that
/// took another order could meet a deadlock, which the server ends as not done), and a row that was moved while the statement waited
/// for it is judged as it is then, not as the statement's snapshot has it. What follows is written for those shards only whose row was
/// moved. Parameters are arrays, one a column (<c>unnest</c>), in the order in which <see cref="CommitArrays"/> adds them.
/// </remarks>
internal sealed class CommitShape
{
    /// <summary>Columns before those of the table itself: shard, id, owner.</summary>
    public const int FixedColumns = 3;

    private const string Fence =
        """
        WITH fence AS (
          UPDATE lease AS l SET sequence = b.next, last_batch = b.id
          FROM unnest($1::integer[], $2::integer[], $3::bigint[], $4::uuid[], $5::bigint[], $6::uuid[], $7::bigint[], $8::uuid[])
            AS b(shard, generation, epoch, owner, sequence, last_batch, next, id)
          WHERE l.shard = b.shard AND l.generation = b.generation AND l.epoch = b.epoch AND l.owner = b.owner
            AND l.sequence = b.sequence AND l.last_batch = b.last_batch AND b.owner <> '00000000-0000-0000-0000-000000000000'
          RETURNING l.shard
        )
        """;

    private const string Mark =
        """
        WITH fence AS (
          INSERT INTO projection AS p (id, shard, owner, version, payload)
          SELECT $1, 0, $2, $3, $4 FROM meta
          WHERE name = 'generation' AND value = $5 AND $3 = 1 + coalesce((SELECT version FROM projection WHERE id = $1), 0)
          ON CONFLICT (id) DO UPDATE SET version = excluded.version, payload = excluded.payload WHERE p.version = excluded.version - 1
          RETURNING p.shard
        )
        """;

    private readonly StringBuilder _sql;
    private int _places;

    private CommitShape(string fence, int places) => (_sql, _places) = (new(fence), places);

    /// <summary>A group of batches: answers with the shards that were written.</summary>
    /// <param name="hasEvents">Whether any batch has events.</param>
    /// <param name="written">Tables of which rows are written, in the order of their parameters.</param>
    /// <param name="gone">Tables of which rows are deleted, in the order of their parameters.</param>
    public static string OfGroup(bool hasEvents, IEnumerable<RowTable> written, IEnumerable<RowTable> gone)
    {
        var shape = new CommitShape(Fence, places: 8);
        if (hasEvents)
        {
            shape.Append();
        }

        return shape.Rows(written, gone);
    }

    /// <summary>Rows of a projection: answers with one row when its cursor was moved.</summary>
    public static string OfProjection(IEnumerable<RowTable> written, IEnumerable<RowTable> gone) =>
        new CommitShape(Mark, places: 5).Rows(written, gone);

    private string Rows(IEnumerable<RowTable> written, IEnumerable<RowTable> gone)
    {
        foreach (var table in written)
        {
            Put(table);
        }

        foreach (var table in gone)
        {
            Remove(table);
        }

        return _sql.Append(" SELECT shard FROM fence").ToString();
    }

    private void Append() => _sql.Append(
        $"""
        , appended AS (
          INSERT INTO event (shard, sequence, actor, name, at, payload, replayed, channels)
          SELECT e.* FROM unnest({Places("integer", "bigint", "text", "text", "bigint", "bytea", "boolean", "text")})
            AS e(shard, sequence, actor, name, at, payload, replayed, channels) JOIN fence USING (shard)
        )
        """);

    private void Put(RowTable table)
    {
        var columns = table.Columns.Select(column => column.Name).Append("payload").ToArray();
        var names = string.Join(", ", columns.Prepend("owner").Prepend("id").Prepend("shard"));
        var types = table.Columns.Select(column => column.Type == RowType.Text ? "text" : "bigint").Append("bytea");
        _sql.Append(
            $"""
            , put_{table.Name} AS (
              INSERT INTO {table.Name} AS t ({names})
              SELECT w.* FROM unnest({Places(["integer", "text", "text", .. types])}) AS w({names}) JOIN fence USING (shard)
              ON CONFLICT (id) DO UPDATE SET {string.Join(", ", columns.Select(name => $"{name} = excluded.{name}"))},
                owner = CASE WHEN t.owner = excluded.owner AND t.shard = excluded.shard THEN t.owner
                  ELSE refuse_row('{table.Name}', excluded.id, excluded.owner) END
            )
            """);
    }

    private void Remove(RowTable table) => _sql.Append(
        $"""
        , gone_{table.Name} AS (
          DELETE FROM {table.Name} AS t USING unnest({Places("integer", "text")}) AS g(shard, id) JOIN fence USING (shard)
          WHERE t.id = g.id AND t.shard = g.shard
        )
        """);

    private string Places(params IEnumerable<string> types) => string.Join(", ", types.Select(type => $"${++_places}::{type}[]"));
}
