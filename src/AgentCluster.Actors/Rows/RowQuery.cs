namespace AgentCluster.Actors;

/// <summary>A question to one table: every condition holds, in this order, this page of it.</summary>
/// <param name="Table">The table asked.</param>
public sealed record RowQuery(RowTable Table)
{
    /// <summary>All must hold. Empty: every row.</summary>
    public IReadOnlyList<RowCondition> Where { get; init; } = [];

    /// <summary>Most significant first; ties are broken by id, ascending.</summary>
    public IReadOnlyList<RowOrder> OrderBy { get; init; } = [];

    /// <summary>How many rows at most; null for all (recovery only, never from outside).</summary>
    public int? Limit { get; init; }

    /// <summary>How many rows to pass over first.</summary>
    public int Offset { get; init; }

    /// <summary>Whether to count what all pages together hold.</summary>
    public bool WithTotal { get; init; }
}

/// <summary>One condition on one column.</summary>
/// <param name="Column">A column of the table, or <c>id</c>, or <c>owner</c> (as <c>kind/name</c>).</param>
/// <param name="Is">The comparison.</param>
/// <param name="Values">What is compared with: one value, none for <see cref="RowTest.Null"/> and <see cref="RowTest.NotNull"/>, any number for <see cref="RowTest.In"/>.</param>
public sealed record RowCondition(string Column, RowTest Is, params IReadOnlyList<RowValue> Values);

/// <summary>How a column is compared. A null column meets only <see cref="Null"/>.</summary>
public enum RowTest
{
    /// <summary>The same value.</summary>
    Equal,

    /// <summary>One of the values.</summary>
    In,

    /// <summary>No value.</summary>
    Null,

    /// <summary>Any value.</summary>
    NotNull,

    /// <summary>Less than the value; text by code point.</summary>
    Less,

    /// <summary>Greater than the value; text by code point.</summary>
    Greater,

    /// <summary>The text occurs in the column, ASCII letters compared without case.</summary>
    Contains,
}

/// <summary>One key of an order.</summary>
/// <param name="Column">A column of the table, or <c>id</c>.</param>
/// <param name="Descending">Largest first. Nothing sorts before every value when ascending.</param>
public sealed record RowOrder(string Column, bool Descending = false);

/// <summary>A page of rows.</summary>
/// <param name="Rows">In the order asked for.</param>
/// <param name="Total">How many there are without paging; null unless asked for.</param>
public sealed record RowPage(IReadOnlyList<Row> Rows, long? Total);

/// <summary>
/// Reads committed rows. What an actor has answered is in them: rows are part of the commit that the answer waited for.
/// Implemented by the stores, used by the domain's query ports.
/// </summary>
public interface IRowReader
{
    /// <summary>Reads the rows that exist among <paramref name="ids"/>, in no order.</summary>
    /// <param name="table">The table.</param>
    /// <param name="ids">At most 1,000.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<IReadOnlyList<Row>> ReadAsync(RowTable table, IReadOnlyList<string> ids, CancellationToken cancellationToken);

    /// <summary>Answers a query.</summary>
    /// <param name="query">The question.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="StoreUnavailableException">The store cannot be read now.</exception>
    ValueTask<RowPage> QueryAsync(RowQuery query, CancellationToken cancellationToken);
}

/// <summary>The store did not answer a read. Nothing has changed; try again later.</summary>
/// <param name="message">What was expected, what was found.</param>
/// <param name="cause">What the store's driver said.</param>
public sealed class StoreUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
