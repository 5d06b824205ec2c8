namespace AgentCluster.Actors;

/// <summary>Names one row.</summary>
/// <param name="Table">A table that the kind declares.</param>
/// <param name="Id">Unique within the table, over all actors.</param>
public readonly record struct RowKey(string Table, string Id);

/// <summary>
/// One row that lists are read from, written in the same commit as the events behind it. Exactly one actor writes it.
/// </summary>
/// <param name="Key">Its table and id.</param>
/// <param name="Owner">The one actor that writes it.</param>
/// <param name="Columns">One value for each column of the table, in the table's order. For queries.</param>
/// <param name="Payload">The row's state, as the owner reads it back; versioned by the owner.</param>
public sealed record Row(RowKey Key, ActorId Owner, IReadOnlyList<RowValue> Columns, ReadOnlyMemory<byte> Payload);

/// <summary>A value of a column: nothing, text, or a whole number (times are microseconds since 1970, flags 0 or 1).</summary>
public readonly record struct RowValue
{
    private readonly long _number;

    private RowValue(string? text, long number, RowType? type)
    {
        Text = text;
        _number = number;
        Type = type;
    }

    /// <summary>No value.</summary>
    public static RowValue Null => default;

    /// <summary>What it holds; null when it holds nothing.</summary>
    public RowType? Type { get; }

    /// <summary>The text, or null.</summary>
    public string? Text { get; }

    /// <summary>The number, or null.</summary>
    public long? Number => Type == RowType.Integer ? _number : null;

    /// <summary>A text, or nothing.</summary>
    /// <param name="text">No NUL and no lone surrogate: those are refused at the edge.</param>
    public static RowValue Of(string? text) => text is null ? default : new(text, 0, RowType.Text);

    /// <summary>A whole number, or nothing.</summary>
    /// <param name="number">Any.</param>
    public static RowValue Of(long? number) => number is { } value ? new(null, value, RowType.Integer) : default;

    /// <summary>A flag, as 0 or 1.</summary>
    /// <param name="flag">Any.</param>
    public static RowValue Of(bool flag) => Of(flag ? 1L : 0L);

    /// <summary>A moment, as microseconds since 1970 UTC.</summary>
    /// <param name="moment">Any.</param>
    public static RowValue Of(DateTimeOffset? moment) => Of(moment is { } value ? Micros(value) : null);

    /// <summary>Microseconds since 1970 UTC, the unit of every stored time.</summary>
    /// <param name="moment">Any.</param>
    public static long Micros(DateTimeOffset moment) => (moment.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / 10;

    /// <summary>The moment that <see cref="Micros"/> wrote.</summary>
    /// <param name="micros">Microseconds since 1970 UTC.</param>
    public static DateTimeOffset Moment(long micros) => new(DateTimeOffset.UnixEpoch.Ticks + (micros * 10), TimeSpan.Zero);

    /// <summary>What a row keeps of a moment: a time from outside is cut to it before it is decided on, or it would read back as another.</summary>
    /// <param name="moment">Any.</param>
    public static DateTimeOffset Kept(DateTimeOffset moment) => Moment(Micros(moment));

    /// <inheritdoc/>
    public override string ToString() => Type switch
    {
        RowType.Text => Text!,
        RowType.Integer => _number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => "null",
    };
}

/// <summary>What a column holds.</summary>
public enum RowType
{
    /// <summary>Unicode text; compares by code point.</summary>
    Text,

    /// <summary>A whole number of 64 bits.</summary>
    Integer,
}

/// <summary>A table that some kind of actor writes. The store has it under the same name, made by a numbered migration.</summary>
/// <param name="Name">Lower case, singular: <c>task</c>.</param>
/// <param name="Columns">Beside <c>id</c>, <c>owner</c> and <c>payload</c>, which every table has.</param>
public sealed record RowTable(string Name, IReadOnlyList<RowColumn> Columns)
{
    /// <summary>The place of a column.</summary>
    /// <param name="column">Its name.</param>
    /// <exception cref="ArgumentException">The table has no such column.</exception>
    public int IndexOf(string column)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (Columns[i].Name == column)
            {
                return i;
            }
        }

        throw new ArgumentException($"Table '{Name}' has no column '{column}'.", nameof(column));
    }
}

/// <summary>A column for queries.</summary>
/// <param name="Name">Lower case, words joined by underscores.</param>
/// <param name="Type">What it holds; any column may also hold nothing.</param>
public sealed record RowColumn(string Name, RowType Type);
