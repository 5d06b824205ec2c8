using System.Text;
using AgentCluster.Actors;

namespace AgentCluster.Runtime.Store;

/// <summary>What every store refuses, in one place, so that all of them refuse the same whatever the database could hold.</summary>
public static class StoreRules
{
    /// <summary>Bytes of UTF-8 in a row's id, an actor's address or a name; databases index these.</summary>
    public const int IdBytes = 2_048;

    /// <summary>Bytes of UTF-8 in a text column.</summary>
    public const int TextBytes = 65_536;

    /// <summary>Bytes of the payload of a row or an event: 16 MiB.</summary>
    public const int PayloadBytes = 16 * 1024 * 1024;

    /// <summary>Whether text can be stored: no NUL, no lone surrogate.</summary>
    /// <param name="text">Any.</param>
    public static bool IsStorable(string text)
    {
        var span = text.AsSpan();
        if (span.Contains('\0'))
        {
            return false;
        }

        for (var at = span.IndexOfAnyInRange('\uD800', '\uDFFF'); at >= 0;)
        {
            if (Rune.DecodeFromUtf16(span[at..], out _, out var used) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            span = span[(at + used)..];
            at = span.IndexOfAnyInRange('\uD800', '\uDFFF');
        }

        return true;
    }

    /// <summary>Says what is wrong with a group, or null: the data errors that lead to <see cref="CommitOutcome.Refused"/>.</summary>
    /// <param name="batches">As given to <see cref="IStore.CommitAsync"/>.</param>
    /// <param name="tables">Those the store was opened with, by name.</param>
    public static string? Defect(IReadOnlyList<StoreBatch> batches, IReadOnlyDictionary<string, RowTable> tables)
    {
        for (var i = 0; i < batches.Count; i++)
        {
            if (i > 0 && batches[i].Held.Shard <= batches[i - 1].Held.Shard)
            {
                return $"Expected one batch a shard in shard order, found shard {batches[i].Held.Shard} after {batches[i - 1].Held.Shard}.";
            }

            if (Defect(batches[i], tables) is { } defect)
            {
                return defect;
            }
        }

        return null;
    }

    /// <summary>Refuses a projection's rows that no store could hold alike.</summary>
    /// <param name="batch">As given to <see cref="IStore.ProjectAsync"/>.</param>
    /// <param name="tables">Those the store was opened with, by name.</param>
    /// <exception cref="ArgumentException">They cannot be stored; the message says which and why.</exception>
    public static void Check(ProjectionBatch batch, IReadOnlyDictionary<string, RowTable> tables)
    {
        if (Defect([batch.AsBatch], tables) is { } defect)
        {
            throw new ArgumentException(defect, nameof(batch));
        }
    }

    /// <summary>Refuses an impossible number of places to read.</summary>
    /// <param name="places">At most 1,000.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is more.</exception>
    public static void Check(IReadOnlyList<JournalPlace> places) =>
        ArgumentOutOfRangeException.ThrowIfGreaterThan(places.Count, 1_000, nameof(places));

    /// <summary>Refuses a query that the databases would answer differently: a value of another type than its column.</summary>
    /// <param name="query">The question.</param>
    /// <exception cref="ArgumentException">A column is unknown, a value has another type, a number of values is wrong, or the page is.</exception>
    public static void Check(RowQuery query)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(query.Limit ?? 0, nameof(query));
        ArgumentOutOfRangeException.ThrowIfNegative(query.Offset, nameof(query));
        foreach (var condition in query.Where)
        {
            Check(query.Table, condition);
        }

        foreach (var order in query.OrderBy)
        {
            _ = TypeOf(query.Table, order.Column);
        }
    }

    /// <summary>Refuses an impossible number of events to read.</summary>
    /// <param name="limit">1 to 10,000.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not.</exception>
    public static void CheckEventLimit(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 10_000);
    }

    private static string? Defect(StoreBatch batch, IReadOnlyDictionary<string, RowTable> tables)
    {
        for (var i = 0; i < batch.Events.Count; i++)
        {
            var written = batch.Events[i];
            var defect = Text(written.Actor.Kind, IdBytes) ?? Text(written.Actor.Name, IdBytes)
                ?? Text(written.Name, IdBytes) ?? Text(written.Channels, TextBytes) ?? Payload(written.Payload);
            if (defect is not null)
            {
                return $"Event {i + 1} of {written.Actor} in shard {batch.Held.Shard}: {defect}";
            }
        }

        for (var i = 0; i < batch.Rows.Count; i++)
        {
            if (Defect(batch.Rows[i], tables) is { } defect)
            {
                return $"Row '{batch.Rows[i].Row.Key.Id}' of table '{batch.Rows[i].Table.Name}' in shard {batch.Held.Shard}: {defect}";
            }
        }

        for (var i = 0; i < batch.Gone.Count; i++)
        {
            if (!tables.ContainsKey(batch.Gone[i].Table.Name))
            {
                return $"The store was opened without a table '{batch.Gone[i].Table.Name}'.";
            }
        }

        return null;
    }

    private static string? Defect(RowWrite write, IReadOnlyDictionary<string, RowTable> tables)
    {
        var (table, row) = write;
        if (!tables.TryGetValue(table.Name, out var known) || row.Key.Table != table.Name)
        {
            return $"the store was opened without this table, or the row's key names another one ('{row.Key.Table}').";
        }

        if (row.Columns.Count != known.Columns.Count)
        {
            return $"expected {known.Columns.Count} columns, found {row.Columns.Count}.";
        }

        for (var i = 0; i < row.Columns.Count; i++)
        {
            var value = row.Columns[i];
            if (value.Type is { } type && type != known.Columns[i].Type)
            {
                return $"column '{known.Columns[i].Name}' holds {known.Columns[i].Type}, found {type}.";
            }

            if (value.Text is { } text && Text(text, TextBytes) is { } defect)
            {
                return $"column '{known.Columns[i].Name}': {defect}";
            }
        }

        return Text(row.Key.Id, IdBytes) ?? Text(row.Owner.Kind, IdBytes) ?? Text(row.Owner.Name, IdBytes) ?? Payload(row.Payload);
    }

    private static string? Text(string text, int bound) =>
        !IsStorable(text) ? "text with a NUL or a lone surrogate cannot be stored."
        : text.Length * 3L > bound && Encoding.UTF8.GetByteCount(text) > bound ? $"expected text of at most {bound} bytes, found more."
        : null;

    private static string? Payload(ReadOnlyMemory<byte> payload) =>
        payload.Length > PayloadBytes ? $"expected a payload of at most {PayloadBytes} bytes, found {payload.Length}." : null;

    private static void Check(RowTable table, RowCondition condition)
    {
        var type = TypeOf(table, condition.Column);
        var expected = condition.Is switch
        {
            RowTest.Null or RowTest.NotNull => 0,
            RowTest.In => condition.Values.Count,
            _ => 1,
        };
        if (condition.Values.Count != expected)
        {
            throw new ArgumentException($"{condition.Is} on '{condition.Column}' takes {expected} values, found {condition.Values.Count}.");
        }

        if (condition.Is == RowTest.Contains && type != RowType.Text)
        {
            throw new ArgumentException($"'{condition.Column}' holds numbers: it cannot contain a text.");
        }

        foreach (var value in condition.Values)
        {
            if (value.Type is { } found && found != type)
            {
                throw new ArgumentException($"'{condition.Column}' holds {type}, found {found}.");
            }
        }
    }

    private static RowType TypeOf(RowTable table, string column) =>
        column is "id" or "owner" ? RowType.Text : table.Columns[table.IndexOf(column)].Type;
}
