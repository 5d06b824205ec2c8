using System.Globalization;
using AgentCluster.Actors;
using AgentCluster.Storage.Examinations;

namespace AgentCluster.Storage.Sqlite;

/// <summary>
/// Looks at the data file, and copies it, beside those who write and read it: each time on a connection of its own that
/// can only read. A writer waits for none of it.
/// </summary>
/// <param name="path">The data file.</param>
internal sealed class Examiner(string path) : IDisposable
{
    private const string Sound = "ok";

    /// <summary>What the file says of itself.</summary>
    /// <param name="full">Whether every index is held against its table; it reads the whole file either way.</param>
    /// <exception cref="SqliteError">It cannot be read.</exception>
    /// <exception cref="DataFileException">It is another program's.</exception>
    public DataReport Examine(bool full)
    {
        using var connection = Connection.OpenReader(path);
        connection.Execute("PRAGMA busy_timeout = 1000; PRAGMA trusted_schema = OFF");
        if (connection.Scalar("PRAGMA application_id") != Schema.ApplicationId)
        {
            throw new DataFileException($"{path} is not a data file of AgentCluster. Check the path.");
        }

        var damage = Check(connection, full);
        connection.Execute("BEGIN");
        var page = connection.Scalar("PRAGMA page_size");
        return new(
            (int)connection.Scalar("SELECT max(number) FROM migration"),
            (int)connection.Scalar("SELECT value FROM meta WHERE name = 'generation'"),
            Moment(connection.Scalar("SELECT value FROM meta WHERE name = 'backup'")),
            page * connection.Scalar("PRAGMA page_count"),
            page * connection.Scalar("PRAGMA freelist_count"),
            File.Exists(path + "-wal") ? new FileInfo(path + "-wal").Length : 0,
            connection.Texts("PRAGMA journal_mode")[0],
            Moment(connection.Scalar("SELECT at FROM event WHERE position = (SELECT max(position) FROM event)")),
            connection.Scalar("SELECT sum(sequence) FROM lease") - Projected(connection),
            connection.Scalar("SELECT count(*) FROM parked"),
            damage);
    }

    /// <summary>Copies what is committed at this moment into a new file, marks it as a backup, and checks it.</summary>
    /// <param name="file">Does not exist; what is left of it after an error is of no use.</param>
    /// <param name="at">What it is marked with.</param>
    /// <exception cref="SqliteError">It cannot be read or written.</exception>
    /// <exception cref="DataFileException">The copy is damaged.</exception>
    public void BackUp(string file, DateTimeOffset at)
    {
        using (var source = Connection.OpenReader(path))
        {
            var copying = source.Prepare("VACUUM INTO ?1");
            copying.Bind(1, file);
            copying.Run();
        }

        using var copy = Connection.OpenWriter(file);
        copy.Execute("PRAGMA journal_mode = DELETE; PRAGMA synchronous = EXTRA; PRAGMA fullfsync = ON; PRAGMA trusted_schema = OFF");
        copy.Execute(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO meta (name, value) VALUES ('backup', {RowValue.Micros(at)})"));
        if (Check(copy, full: true) is [var damage, ..])
        {
            throw new DataFileException($"The copy of {path} is damaged: {damage}. Look at the disk, and at the data with 'pbm doctor --full'.");
        }
    }

    public void Dispose()
    {
    }

    private static IReadOnlyList<string> Check(Connection connection, bool full)
    {
        try
        {
            return connection.Texts(full ? "PRAGMA integrity_check(10)" : "PRAGMA quick_check(10)") is [Sound] ? [] : connection.Texts("PRAGMA integrity_check(10)");
        }
        catch (SqliteError damaged) when (damaged.IsBadFile)
        {
            return [damaged.Message];
        }
    }

    // A file of an older version has none of them yet.
    private static long Projected(Connection connection) =>
        connection.Scalar("SELECT count(*) FROM sqlite_master WHERE name = 'projection'") == 0 ? 0 : connection.Texts("SELECT payload FROM projection").Sum(cursor => JournalCursor.Parse(cursor).Total);

    private static DateTimeOffset? Moment(long micros) => micros == 0 ? null : RowValue.Moment(micros);
}
