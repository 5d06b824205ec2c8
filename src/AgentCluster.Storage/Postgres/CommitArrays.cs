using System.Collections.Concurrent;
using AgentCluster.Actors;
using AgentCluster.Runtime.Store;
using Npgsql;
using NpgsqlTypes;

namespace AgentCluster.Storage.Postgres;

/// <summary>Turns what is written into the arrays of a <see cref="CommitShape"/>.</summary>
/// <param name="tables">Every table, in the order of their parameters; at most 128.</param>
internal sealed class CommitArrays(IReadOnlyList<RowTable> tables)
{
    // A shape is a few thousand characters: they are put together once, and found by what they depend on.
    private readonly ConcurrentDictionary<(bool HasEvents, UInt128 Written, UInt128 Gone), string> _groups = new();

    /// <summary>A command that writes a group, and answers with the shards that were written.</summary>
    public NpgsqlCommand OfGroup(IReadOnlyList<StoreBatch> batches)
    {
        var command = new NpgsqlCommand();
        var places = command.Parameters;
        places.BindArray(batches, batch => batch.Held.Shard, NpgsqlDbType.Integer);
        places.BindArray(batches, batch => batch.Held.Generation, NpgsqlDbType.Integer);
        places.BindArray(batches, batch => batch.Held.Epoch, NpgsqlDbType.Bigint);
        places.BindArray(batches, batch => batch.Held.Owner.Value.ToGuid(), NpgsqlDbType.Uuid);
        places.BindArray(batches, batch => batch.Held.Sequence, NpgsqlDbType.Bigint);
        places.BindArray(batches, batch => batch.Held.LastBatch.ToGuid(), NpgsqlDbType.Uuid);
        places.BindArray(batches, batch => batch.Sequence, NpgsqlDbType.Bigint);
        places.BindArray(batches, batch => batch.Id.ToGuid(), NpgsqlDbType.Uuid);

        var hasEvents = batches.Any(batch => batch.Events.Count > 0);
        if (hasEvents)
        {
            AddEvents(places, batches);
        }

        var (written, gone) = AddRows(places, batches);
        command.CommandText = _groups.GetOrAdd((hasEvents, Bits(written), Bits(gone)), _ => CommitShape.OfGroup(hasEvents, written, gone));
        return command;
    }

    /// <summary>A command that writes a projection's rows and cursor, and answers with one row when it did.</summary>
    public NpgsqlCommand OfProjection(ProjectionBatch batch)
    {
        var command = new NpgsqlCommand();
        var places = command.Parameters;
        places.Bind(batch.Mark.Key.Id, NpgsqlDbType.Text);
        places.Bind(batch.Mark.Owner.ToString(), NpgsqlDbType.Text);
        places.Bind(batch.Version, NpgsqlDbType.Bigint);
        places.Bind(batch.Mark.Payload, NpgsqlDbType.Bytea);
        places.Bind((long)batch.Generation, NpgsqlDbType.Bigint);
        var rows = new StoreBatch(new(0, batch.Generation, 0, Incarnation.None, 0, 0), 0, [], batch.Rows, batch.Gone);
        var (written, gone) = AddRows(places, [rows]);
        command.CommandText = CommitShape.OfProjection(written, gone);
        return command;
    }

    private static void AddEvents(NpgsqlParameterCollection places, IReadOnlyList<StoreBatch> batches)
    {
        List<(int Shard, long Sequence, EventWrite Event)> events = new(batches.Sum(batch => batch.Events.Count));
        foreach (var batch in batches)
        {
            for (var i = 0; i < batch.Events.Count; i++)
            {
                events.Add((batch.Held.Shard, batch.Held.Sequence + i + 1, batch.Events[i]));
            }
        }

        places.BindArray(events, each => each.Shard, NpgsqlDbType.Integer);
        places.BindArray(events, each => each.Sequence, NpgsqlDbType.Bigint);
        places.BindArray(events, each => each.Event.Actor.ToString(), NpgsqlDbType.Text);
        places.BindArray(events, each => each.Event.Name, NpgsqlDbType.Text);
        places.BindArray(events, each => RowValue.Micros(each.Event.At), NpgsqlDbType.Bigint);
        places.BindArray(events, each => each.Event.Payload, NpgsqlDbType.Bytea);
        places.BindArray(events, each => each.Event.Replayed, NpgsqlDbType.Boolean);
        places.BindArray(events, each => each.Event.Channels, NpgsqlDbType.Text);
    }

    private (List<RowTable> Written, List<RowTable> Gone) AddRows(NpgsqlParameterCollection places, IReadOnlyList<StoreBatch> batches)
    {
        var rows = new Dictionary<string, List<(int Shard, Row Row)>>(StringComparer.Ordinal);
        var ids = new Dictionary<string, List<(int Shard, string Id)>>(StringComparer.Ordinal);
        foreach (var batch in batches)
        {
            foreach (var (table, row) in batch.Rows)
            {
                Of(rows, table).Add((batch.Held.Shard, row));
            }

            foreach (var (table, id) in batch.Gone)
            {
                // What cannot be stored is not there to be deleted.
                if (StoreRules.IsStorable(id))
                {
                    Of(ids, table).Add((batch.Held.Shard, id));
                }
            }
        }

        var written = tables.Where(table => rows.ContainsKey(table.Name)).ToList();
        written.ForEach(table => AddTable(places, table, rows[table.Name]));
        var gone = tables.Where(table => ids.ContainsKey(table.Name)).ToList();
        gone.ForEach(table =>
        {
            places.BindArray(ids[table.Name], each => each.Shard, NpgsqlDbType.Integer);
            places.BindArray(ids[table.Name], each => each.Id, NpgsqlDbType.Text);
        });
        return (written, gone);
    }

    private static void AddTable(NpgsqlParameterCollection places, RowTable table, List<(int Shard, Row Row)> rows)
    {
        places.BindArray(rows, each => each.Shard, NpgsqlDbType.Integer);
        places.BindArray(rows, each => each.Row.Key.Id, NpgsqlDbType.Text);
        places.BindArray(rows, each => each.Row.Owner.ToString(), NpgsqlDbType.Text);
        for (var i = 0; i < table.Columns.Count; i++)
        {
            var column = i;
            if (table.Columns[i].Type == RowType.Text)
            {
                places.BindArray(rows, each => each.Row.Columns[column].Text, NpgsqlDbType.Text);
            }
            else
            {
                places.BindArray(rows, each => each.Row.Columns[column].Number, NpgsqlDbType.Bigint);
            }
        }

        places.BindArray(rows, each => each.Row.Payload, NpgsqlDbType.Bytea);
    }

    private UInt128 Bits(List<RowTable> some)
    {
        var bits = UInt128.Zero;
        for (var i = 0; i < tables.Count; i++)
        {
            bits |= some.Contains(tables[i]) ? UInt128.One << i : 0;
        }

        return bits;
    }

    private static List<T> Of<T>(Dictionary<string, List<T>> lists, RowTable table)
    {
        if (!lists.TryGetValue(table.Name, out var list))
        {
            lists.Add(table.Name, list = []);
        }

        return list;
    }
}
