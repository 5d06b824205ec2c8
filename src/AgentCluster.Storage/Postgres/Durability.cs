using Npgsql;

namespace AgentCluster.Storage.Postgres;

/// <summary>What a database's settings make of "acknowledged".</summary>
/// <param name="Server">Its version.</param>
/// <param name="SynchronousCommit"><c>synchronous_commit</c> as the node's sessions have it.</param>
/// <param name="SynchronousStandbys"><c>synchronous_standby_names</c>; empty for none.</param>
/// <param name="Fsync"><c>fsync</c>.</param>
/// <param name="FullPageWrites"><c>full_page_writes</c>.</param>
/// <param name="HasStandby">Whether a standby streams from it now.</param>
public sealed record Durability(
    string Server, string SynchronousCommit, string SynchronousStandbys, bool Fsync, bool FullPageWrites, bool HasStandby)
{
    /// <summary>Whether an answer waits for a standby.</summary>
    public bool IsAtSynchronousStandby => SynchronousStandbys.Length > 0 && SynchronousCommit is not ("local" or "off");

    /// <summary>Which promise holds, in a sentence.</summary>
    public string Promise => this switch
    {
        { Fsync: false } => "fsync is off: what is answered may be lost, and the database damaged, when the server's machine stops",
        { SynchronousCommit: "off" } => "synchronous_commit is off: what was answered in the last moments may be lost when the server stops",
        { FullPageWrites: false } => "full_page_writes is off: a power cut in the middle of a page may damage the database, unless its disk writes pages whole",
        { IsAtSynchronousStandby: true } => "what is answered is on the server's disk and at its synchronous standby: it survives either",
        { HasStandby: true } => "what is answered is on the server's disk; its standby follows later, so a failover may lose the last answers",
        _ => "what is answered is on the server's disk: it survives a power cut as far as the disk is honest",
    };

    /// <inheritdoc/>
    public override string ToString() => $"PostgreSQL {Server}: {Promise}";

    internal static async Task<Durability> ReadAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand(
            "SELECT current_setting('server_version'), current_setting('synchronous_commit'), current_setting('synchronous_standby_names'), " +
            "current_setting('fsync')::boolean, current_setting('full_page_writes')::boolean, EXISTS (SELECT FROM pg_stat_replication)",
            connection);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        return new(
            reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetBoolean(3), reader.GetBoolean(4), reader.GetBoolean(5));
    }
}
