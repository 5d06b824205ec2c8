using AgentCluster.Domain;
using Npgsql;

namespace AgentCluster.Storage.Postgres;

/// <summary>Where the database is, and how long an answer of it is waited for.</summary>
/// <param name="Address">Without a password: <c>Host=db;Database=agentcluster;Username=agentcluster</c>, as Npgsql reads it.</param>
/// <param name="Password">Null where the user's password file or the server's trust is enough.</param>
public sealed record PostgresOptions(string Address, Secret? Password)
{
    /// <summary>
    /// How long a statement may run before the server ends it. No frozen client holds a row longer, no reader keeps old rows alive
    /// longer. Default: 8 seconds.
    /// </summary>
    public TimeSpan StatementTimeout { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>
    /// How long a session may idle in a transaction, wait for a lock, or be out of reach before the server ends it: a third of a lease. So long,
    /// and a second, the answer to a renewal is waited for, 3 seconds at least. Default: 5 seconds.
    /// </summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Stands for the secret that all nodes of a cluster have; one with another is refused. Null: not compared.</summary>
    public long? SecretFingerprint { get; init; }

    /// <summary>Refuses an address that cannot be one.</summary>
    /// <param name="address">As it was set.</param>
    /// <exception cref="FormatException">It is not; the message has no password.</exception>
    public static string Check(string address)
    {
        NpgsqlConnectionStringBuilder parts;
        try
        {
            parts = new(address);
        }
        catch (ArgumentException wrong)
        {
            throw new FormatException($"expected key=value pairs divided by semicolons, such as Host=db;Database=agentcluster;Username=agentcluster: {wrong.Message}");
        }

        return parts switch
        {
            { Password: not null } => throw new FormatException(
                "expected no password in it, found one: say it in agentcluster.store.password, best by its environment variable, or in ~/.pgpass."),
            { Host: null or "" } => throw new FormatException("expected Host=… in it, found none."),
            _ => address,
        };
    }

    /// <summary>The place, for messages.</summary>
    public override string ToString()
    {
        var parts = new NpgsqlConnectionStringBuilder(Address);
        return $"postgres://{parts.Host}:{parts.Port}/{parts.Database ?? parts.Username}";
    }
}
