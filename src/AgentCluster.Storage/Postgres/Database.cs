using System.Globalization;
using System.Net.Sockets;
using AgentCluster.Actors;
using Npgsql;

namespace AgentCluster.Storage.Postgres;

/// <summary>What the database must be: reachable, of a version that is known here, in UTF-8, for this number of shards, with these tables.</summary>
/// <param name="sources">Its connections.</param>
/// <param name="options">Where it is, for messages.</param>
/// <param name="tables">What the actors write.</param>
/// <param name="shardCount">The same for the life of the database: it decides where every actor lives.</param>
internal sealed class Database(Sources sources, PostgresOptions options, IEnumerable<RowTable> tables, int shardCount)
{
    // PostgreSQL 12 and older end a common table expression's life differently; older than 13 are not maintained.
    private const int OldestServer = 13;

    // "AgCl": nodes that start at the same time make and migrate the schema one after the other.
    public const long MigrationLock = 0x4167_436C;

    // As PostgreSQL reads it.
    private const string MigrationPatience = "60s";

    /// <summary>Makes or migrates the schema, and says what the server promises of what is committed.</summary>
    /// <exception cref="DatabaseException">It cannot be used; the message says why and what to do.</exception>
    public async Task<Durability> PrepareAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await sources.Writes.OpenConnectionAsync(cancellationToken);
            await CheckServerAsync(connection);
            await MigrateAsync(connection, cancellationToken);
            return await Durability.ReadAsync(connection);
        }
        catch (Exception error) when (PostgresError.IsOfStore(error) && !cancellationToken.IsCancellationRequested)
        {
            throw new DatabaseException(Explained(error), error);
        }
    }

    private async Task CheckServerAsync(NpgsqlConnection connection)
    {
        if (connection.PostgreSqlVersion.Major < OldestServer)
        {
            throw new DatabaseException($"{options}: expected PostgreSQL {OldestServer} or later, found {connection.PostgreSqlVersion}.");
        }

        var encoding = await ScalarAsync<string>(connection, "SHOW server_encoding");
        if (encoding != "UTF8")
        {
            throw new DatabaseException($"{options}: expected a database in UTF8, found {encoding}. Make it with ENCODING 'UTF8' TEMPLATE template0.");
        }
    }

    private async Task MigrateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, string.Create(
            CultureInfo.InvariantCulture, $"SET LOCAL lock_timeout = '{MigrationPatience}'; SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock({MigrationLock})"));
        if (await ScalarAsync<bool>(connection, "SELECT to_regclass('migration') IS NULL"))
        {
            await RefuseForeignAsync(connection);
            await ExecuteAsync(connection, "CREATE TABLE migration (number integer NOT NULL PRIMARY KEY, name text NOT NULL)");
        }

        var version = await ScalarAsync<int>(connection, "SELECT coalesce(max(number), 0) FROM migration");
        if (version > Migration.All[^1].Number)
        {
            throw new DatabaseException(
                $"{options} was written by a newer version of AgentCluster (schema {version}, known here up to {Migration.All[^1].Number}). Use that version.");
        }

        foreach (var migration in Migration.All.Where(migration => migration.Number > version))
        {
            await ExecuteAsync(connection, migration.Sql());
            await ExecuteAsync(connection, string.Create(
                CultureInfo.InvariantCulture, $"INSERT INTO migration VALUES ({migration.Number}, '{migration.Name}')"));
        }

        await ExecuteAsync(connection, string.Create(
            CultureInfo.InvariantCulture, $"INSERT INTO meta (name, value) VALUES ('shards', {shardCount}) ON CONFLICT DO NOTHING"));
        await ExecuteAsync(
            connection,
            "INSERT INTO meta (name, value) SELECT 'timeline', ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::bigint ON CONFLICT DO NOTHING");
        if (options.SecretFingerprint is { } mine)
        {
            await ExecuteAsync(connection, string.Create(
                CultureInfo.InvariantCulture, $"INSERT INTO meta (name, value) VALUES ('secret', {mine}) ON CONFLICT DO NOTHING"));
        }

        await CheckAsync(connection);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task CheckAsync(NpgsqlConnection connection)
    {
        var shards = await ScalarAsync<long>(connection, "SELECT value FROM meta WHERE name = 'shards'");
        if (shards != shardCount)
        {
            throw new DatabaseException(
                $"{options} was made with {shards} shards, found {shardCount} in the configuration. The number cannot be changed: set it back.");
        }

        if (options.SecretFingerprint is { } mine && mine != await ScalarAsync<long>(connection, "SELECT value FROM meta WHERE name = 'secret'"))
        {
            throw new DatabaseException(
                $"{options} belongs to a cluster with another agentcluster.cluster.secret. Give this node the same one as the others: the handles of agents hang on it.");
        }

        foreach (var table in tables)
        {
            if (!await ScalarAsync<bool>(connection, $"SELECT to_regclass('{table.Name}') IS NOT NULL"))
            {
                throw new DatabaseException($"{options} has no table '{table.Name}': this program lacks the migration that makes it.");
            }
        }
    }

    private async Task RefuseForeignAsync(NpgsqlConnection connection)
    {
        var found = await ScalarAsync<string>(
            connection, "SELECT coalesce(min(relname), '') FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')");
        if (found.Length > 0)
        {
            throw new DatabaseException($"{options} holds tables of another program ('{found}'). Use a database, or a schema in search_path, of its own.");
        }
    }

    /// <summary>The error of an opening, in words that say what to do.</summary>
    private string Explained(Exception error) => error switch
    {
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } refused =>
            $"{options} does not let this user in: {refused.MessageText}. Check Username in agentcluster.store.postgres, and the password in AGENTCLUSTER_STORE_PASSWORD or ~/.pgpass.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } missing =>
            $"{options}: {missing.MessageText}. Create it, for example: createdb --encoding UTF8 --template template0 {new NpgsqlConnectionStringBuilder(options.Address).Database}",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidSchemaName } denied =>
            $"{options}: the user lacks rights: {denied.MessageText}. The node makes its tables at the first start: GRANT CREATE, USAGE on the schema, or make the user the owner of the database.",
        PostgresException { SqlState: PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.ConfigurationLimitExceeded } full =>
            $"{options} has no connection left: {full.MessageText}. A node takes up to 16: raise max_connections.",
        PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable } =>
            $"{options} could not be migrated: a lock was waited for for {MigrationPatience}. Another node migrates, or a session keeps a table from it; start again when that has ended. pg_locks shows who it is.",
        PostgresException other => $"{options} refuses: {other.MessageText} (PostgreSQL {other.SqlState}).",
        NpgsqlException { InnerException: SocketException or TimeoutException or IOException } or SocketException or TimeoutException =>
            $"{options} cannot be reached: {(error.InnerException ?? error).Message}. Check Host and Port in agentcluster.store.postgres, and that PostgreSQL runs.",
        _ => $"{options} cannot be used: {PostgresError.Told(error)}",
    };

    // The driver's patience is for statements of a node that runs. The server says how long a lock is waited for, and a migration takes
    // as long as there are rows.
    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
