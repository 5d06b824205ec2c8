using System.Globalization;
using AgentCluster.Actors;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Storage.Sqlite.Commands;

/// <summary>
/// Remembers commands: each gets the next number and is appended. Once the tail, those that no run covers, is long, its oldest
/// are sorted into a run; <see cref="CommandReads"/> finds an id in both.
/// </summary>
/// <remarks>
/// Ids are hashes, so in an index of them each command would dirty a page of its own: that was half of what a commit cost. Here
/// a run is written once, at the right end of its table.
/// <para>
/// Nothing forbids two rows of one id, and nothing needs to. A command is decided only after its id was looked for and while no
/// other of that id is under way in its actor (CommandGate); the id is a hash over the actor, so no other actor writes it; the
/// actor has one owner, and a batch that is sent twice is fenced the second time, by its lease row. The simulation holds the
/// runtime to that ("S3 once").
/// </para>
/// </remarks>
internal sealed class CommandWriter : IRowWriter
{
    /// <summary>
    /// How many numbers a run covers, and how long the tail may grow. To look through so many takes a millisecond, as long as
    /// asking four hundred runs, which are three million commands; to sort them takes the writer 10 to 18.
    /// </summary>
    public const int RunLength = 8_192;

    private readonly Connection _connection;
    private readonly Statement _insert;
    private readonly Statement _remove;
    private readonly Statement _forget;
    private readonly Statement _keepLast;
    private readonly Statement _sort;
    private readonly Statement _addRun;
    private readonly Statement _age;
    private readonly Statement _dropEntries;
    private readonly Statement _dropRuns;
    private long _last;
    private long _sorted;

    public CommandWriter(Connection connection)
    {
        _connection = connection;
        var columns = RuntimeTables.Command.Columns.Select(column => column.Name);
        _insert = connection.Prepare(
            $"INSERT INTO command (number, id, shard, owner, {string.Join(", ", columns)}, payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");
        _remove = connection.Prepare("DELETE FROM command WHERE id = ?1 AND shard = ?2");

        // Without an index by time, which each command would enter: of the runs that have something to forget some are looked
        // through, those with the oldest first, and the tail.
        const string Due = "(SELECT run, after FROM command_sorted WHERE oldest < ?1 ORDER BY oldest LIMIT ?3)";
        _forget = connection.Prepare(
            "DELETE FROM command WHERE number IN (SELECT number FROM (" +
            $"SELECT number, at FROM {Due} AS due CROSS JOIN command ON number > due.after AND number <= due.run WHERE at < ?1 " +
            "UNION ALL SELECT number, at FROM command WHERE number > coalesce((SELECT max(run) FROM command_sorted), 0) AND at < ?1" +
            ") ORDER BY at, number LIMIT ?2)");
        _age = connection.Prepare($"UPDATE command_sorted SET oldest = {Oldest("after", "run")} WHERE run IN (SELECT run FROM {Due})");
        _dropEntries = connection.Prepare("DELETE FROM command_run WHERE run IN (SELECT run FROM command_sorted WHERE oldest IS NULL)");
        _dropRuns = connection.Prepare("DELETE FROM command_sorted WHERE oldest IS NULL");
        _keepLast = connection.Prepare("UPDATE meta SET value = ?1 WHERE name = 'last_command' AND value < ?1");
        _sort = connection.Prepare(
            $"INSERT INTO command_run (run, start, number) SELECT ?2, {CommandReads.Start("id")}, number FROM command WHERE number > ?1 AND number <= ?2 ORDER BY 2, 3");
        _addRun = connection.Prepare($"INSERT INTO command_sorted (run, after, oldest) VALUES (?2, ?1, {Oldest("?1", "?2")})");

        // Also behind the last run: numbers that it covers may be of groups that failed.
        _last = connection.Scalar(
            "SELECT max(value, coalesce((SELECT max(number) FROM command), 0), coalesce((SELECT max(run) FROM command_sorted), 0)) " +
            "FROM meta WHERE name = 'last_command'");
        _sorted = connection.Scalar(
            "SELECT coalesce((SELECT max(run) FROM command_sorted), (SELECT min(number) - 1 FROM command), value) " +
            "FROM meta WHERE name = 'last_command'");
    }

    /// <summary>Whether enough of them are in no run.</summary>
    public bool IsTailLong => _last - _sorted >= RunLength;

    /// <inheritdoc/>
    /// <remarks>Takes each id for a new one, as said above.</remarks>
    public void Put(int shard, Row row)
    {
        // A group that is rolled back leaves a gap.
        _insert.Bind(1, ++_last);
        _insert.Bind(2, row.Key.Id);
        _insert.Bind(3, shard);
        _insert.Bind(4, row.Owner);
        for (var i = 0; i < row.Columns.Count; i++)
        {
            _insert.Bind(5 + i, row.Columns[i]);
        }

        _insert.Bind(5 + row.Columns.Count, row.Payload.Span);
        _insert.Run();
    }

    /// <inheritdoc/>
    /// <remarks>The port allows it and no actor does it, so it may look through all of them.</remarks>
    public void Remove(int shard, string id)
    {
        KeepLast();
        _remove.Bind(1, id);
        _remove.Bind(2, shard);
        _remove.Run();
    }

    /// <summary>Forgets the oldest, and the runs of which nothing is left.</summary>
    /// <param name="before">Microseconds UTC.</param>
    /// <param name="limit">How many at most.</param>
    /// <returns>How many.</returns>
    public int Forget(long before, int limit)
    {
        KeepLast();
        var runs = 2 + (limit / RunLength);
        _forget.Bind(1, before);
        _forget.Bind(2, limit);
        _forget.Bind(3, runs);
        _forget.Run();
        var gone = _connection.Changes;
        _age.Bind(1, before);
        _age.Bind(3, runs);
        _age.Run();
        _dropEntries.Run();
        _dropRuns.Run();
        return gone;
    }

    /// <summary>Sorts the oldest of the tail into a run, inside a transaction: it is there as a whole or not at all.</summary>
    public void Sort()
    {
        foreach (var step in (ReadOnlySpan<Statement>)[_sort, _addRun])
        {
            step.Bind(1, _sorted);
            step.Bind(2, _sorted + RunLength);
            step.Run();
        }
    }

    /// <summary>After that transaction, and only when it is certain: what is taken to be in a run is looked for nowhere else.</summary>
    public void Sorted() => _sorted += RunLength;

    // Null when there is none. One without a time is never forgotten.
    private static string Oldest(string after, string upTo) =>
        $"(SELECT min(coalesce(at, {long.MaxValue.ToString(CultureInfo.InvariantCulture)})) FROM command WHERE number > {after} AND number <= {upTo})";

    /// <summary>The last number must not go with its row.</summary>
    private void KeepLast()
    {
        _keepLast.Bind(1, _last);
        _keepLast.Run();
    }
}
