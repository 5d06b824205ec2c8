using System.Globalization;
using AgentCluster.Actors;
using AgentCluster.Runtime.Store;
using AgentCluster.Storage.Postgres;

namespace AgentCluster.Storage.Examinations;

/// <summary>What is to be said about a database that nodes share.</summary>
public static class DatabaseFindings
{
    /// <summary>Examines the database as it is now. A database that does not answer is a finding, not an error.</summary>
    /// <param name="store">Of a node.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public static async ValueTask<IReadOnlyList<Finding>> OfAsync(PostgresStore store, CancellationToken cancellationToken)
    {
        try
        {
            var durability = await store.ReadDurabilityAsync(cancellationToken);
            var head = await store.ReadHeadAsync(cancellationToken);
            return
            [
                Of(durability),
                new("generation", Condition.Ok, head.Generation.ToString(CultureInfo.InvariantCulture)),
                new("journal", Condition.Ok, string.Create(CultureInfo.InvariantCulture, $"{head.Cursor.Total} events")),
            ];
        }
        catch (StoreUnavailableException away)
        {
            return [new("database", Condition.Failed, away.Message, "The node comes back by itself once the database answers: look at the server and at the way to it.")];
        }
    }

    /// <summary>What "acknowledged" means with the settings of a server.</summary>
    /// <param name="durability">As its sessions have them.</param>
    public static Finding Of(Durability durability) => durability switch
    {
        { Fsync: false } => new("durability", Condition.Failed, Told(durability), "Set fsync = on and restart the server."),
        { SynchronousCommit: "off" } => new("durability", Condition.Failed, Told(durability), "Set synchronous_commit = on for the node's user: many answers share a sync anyway."),
        { FullPageWrites: false } => new("durability", Condition.Warning, Told(durability), "Set full_page_writes = on, unless the file system writes pages whole."),
        { IsAtSynchronousStandby: false, HasStandby: true } => new(
            "durability", Condition.Warning, Told(durability), "Name the standby in synchronous_standby_names, or accept that a failover may lose the last answers: a generation begins then."),
        _ => new("durability", Condition.Ok, Told(durability)),
    };

    private static string Told(Durability durability) =>
        $"fsync={Word(durability.Fsync)}, synchronous_commit={durability.SynchronousCommit}, full_page_writes={Word(durability.FullPageWrites)}, "
        + $"synchronous_standby_names='{durability.SynchronousStandbys}': {durability.Promise}";

    private static string Word(bool isOn) => isOn ? "on" : "off";
}
