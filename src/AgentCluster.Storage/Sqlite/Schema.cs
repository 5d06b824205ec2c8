using System.Globalization;
using AgentCluster.Actors;
using SQLitePCL;

namespace AgentCluster.Storage.Sqlite;

/// <summary>What the file must hold: ours, of a version that is known here, for this number of shards, with these tables.</summary>
/// <param name="path">The file, for errors.</param>
/// <param name="tables">What the actors write.</param>
/// <param name="shardCount">The same for the life of the file: it decides where every actor lives.</param>
internal sealed class Schema(string path, IEnumerable<RowTable> tables, int shardCount)
{
    /// <summary>"AgCl": tells <c>file</c> and other programs whose data this is.</summary>
    public const int ApplicationId = 0x4167_436C;

    /// <summary>The statements of each table, by its name.</summary>
    public IReadOnlyDictionary<string, RowSql> Rows { get; } =
        tables.ToDictionary(table => table.Name, table => new RowSql(table), StringComparer.Ordinal);

    /// <summary>The generation that this start began, because the file was a backup; null when it was none.</summary>
    public int? Restored { get; private set; }

    /// <summary>Sets a writing connection up; the first one of a process also makes and migrates.</summary>
    /// <exception cref="DataFileException">The file is of another program, a newer version, or another shard count.</exception>
    public void Prepare(Connection connection, bool isFirst)
    {
        var isEmpty = connection.Scalar("SELECT count(*) FROM sqlite_master") == 0;
        var owner = connection.Scalar("PRAGMA application_id");
        if (owner != ApplicationId && !(isEmpty && owner == 0))
        {
            throw new DataFileException(
                $"{path} is not a data file of AgentCluster (application id {owner:x}, expected {ApplicationId:x}). Use another data directory.");
        }

        // FULL: each commit is synced before it is answered. Debian's library would also overwrite what is deleted,
        // which costs pages and protects nothing here: the directory is the owner's alone.
        connection.Execute(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA wal_autocheckpoint = 0; " +
            "PRAGMA secure_delete = OFF; PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY; PRAGMA busy_timeout = 1000; " +
            "PRAGMA trusted_schema = OFF;");
        if (isFirst)
        {
            Migrate(connection, isEmpty);
            CheckTables(connection);
        }
    }

    /// <summary>The error of an opening, in words that say what to do.</summary>
    public DataFileException Explained(SqliteError error) => new(
        error switch
        {
            { IsBadFile: true } =>
                $"{path} is damaged or not a database: {error.Message}. Put a backup in its place, or move it away to start empty.",
            { Kind: raw.SQLITE_ERROR } when !SqliteLibrary.Loaded.KnowsStrict =>
                $"{path} was written with SQLite 3.37 or later, found {SqliteLibrary.Loaded}: install a newer libsqlite3. ({error.Message})",
            { Kind: raw.SQLITE_CANTOPEN or raw.SQLITE_PERM or raw.SQLITE_READONLY } =>
                $"{path} cannot be opened for writing: {error.Message}. Check its owner and permissions.",
            { IsFull: true } or { Code: raw.SQLITE_IOERR_SHMSIZE } =>
                $"{path} cannot be opened, for want of room: {error.Message}. Make room on its disk; nothing is lost.",
            { IsBusy: true } => $"{path} is locked by another program: {error.Message}. Close that program.",
            _ => $"{path} cannot be opened: {error.Message}.",
        },
        error);

    private void Migrate(Connection connection, bool isEmpty)
    {
        connection.Execute("BEGIN IMMEDIATE");
        if (isEmpty)
        {
            connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId};") +
                "CREATE TABLE migration (number INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL)");
        }

        var version = connection.Scalar("SELECT max(number) FROM migration");
        if (version > Migration.All[^1].Number)
        {
            throw new DataFileException(
                $"{path} was written by a newer version of AgentCluster (schema {version}, known here up to {Migration.All[^1].Number}). Use that version.");
        }

        foreach (var migration in Migration.All.Where(migration => migration.Number > version))
        {
            connection.Execute(migration.Sql(SqliteLibrary.Loaded.KnowsStrict));
            connection.Execute(string.Create(
                CultureInfo.InvariantCulture, $"INSERT INTO migration VALUES ({migration.Number}, '{migration.Name}')"));
        }

        connection.Execute(string.Create(
            CultureInfo.InvariantCulture, $"INSERT INTO meta (name, value) VALUES ('shards', {shardCount}) ON CONFLICT DO NOTHING"));
        Restored = Restore(connection);
        connection.Execute("COMMIT");

        var shards = connection.Scalar("SELECT value FROM meta WHERE name = 'shards'");
        if (shards != shardCount)
        {
            throw new DataFileException(
                $"{path} was made with {shards} shards, found {shardCount} in the configuration. The number cannot be changed: set it back.");
        }
    }

    /// <summary>
    /// The first start of a backup begins a generation: what came after the backup is lost, and nothing of it may be
    /// believed. No shard has an owner, whoever had one when the backup was made.
    /// </summary>
    private static int? Restore(Connection connection)
    {
        if (connection.Scalar("SELECT count(*) FROM meta WHERE name = 'backup'") == 0)
        {
            return null;
        }

        connection.Execute(
            "DELETE FROM meta WHERE name = 'backup'; UPDATE meta SET value = value + 1 WHERE name = 'generation'; " +
            "UPDATE lease SET generation = (SELECT value FROM meta WHERE name = 'generation'), owner = zeroblob(16)");
        return (int)connection.Scalar("SELECT value FROM meta WHERE name = 'generation'");
    }

    private void CheckTables(Connection connection)
    {
        foreach (var rows in Rows.Values)
        {
            if (connection.Scalar($"SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '{rows.Table.Name}'") != 1)
            {
                throw new DataFileException($"{path} has no table '{rows.Table.Name}': this program lacks the migration that makes it.");
            }
        }
    }
}
