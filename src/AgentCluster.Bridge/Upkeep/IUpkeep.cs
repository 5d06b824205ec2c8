using AgentCluster.Actors;

namespace AgentCluster.Bridge.Upkeep;

/// <summary>What a node can do for its operator: look at itself, and copy its data.</summary>
public interface IUpkeep
{
    /// <summary>Looks at the node and its data.</summary>
    /// <param name="full">Whether every index is held against its table.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <exception cref="StoreUnavailableException">The data cannot be read now, or too many ask.</exception>
    ValueTask<IReadOnlyList<Finding>> ExamineAsync(bool full, CancellationToken cancellationToken);

    /// <summary>Copies the data while the node works. It is done to the end, whoever waits for it.</summary>
    /// <param name="name">What the copy is called, a safe name for a directory; null: after the time.</param>
    ValueTask<BackupReply> BackUpAsync(string? name);
}

/// <summary>What became of a backup. Closed: every case is in this file.</summary>
public abstract record BackupReply
{
    private BackupReply()
    {
    }

    /// <summary>It is made, synced and checked.</summary>
    /// <param name="Name">What it is called.</param>
    /// <param name="Path">The directory; a node can be started on a copy of it.</param>
    /// <param name="Bytes">How large its data is.</param>
    /// <param name="At">When it was begun: it holds all that was answered before.</param>
    public sealed record Made(string Name, string Path, long Bytes, DateTimeOffset At) : BackupReply;

    /// <summary>There is something of that name. Nothing is ever overwritten.</summary>
    /// <param name="Name">The name.</param>
    public sealed record Taken(string Name) : BackupReply;

    /// <summary>The node shares a database, and keeps no data of its own.</summary>
    public sealed record Elsewhere : BackupReply;

    /// <summary>Another one is being made.</summary>
    public sealed record Busy : BackupReply;

    /// <summary>There is no room for it, and nothing is left of it.</summary>
    public sealed record NoRoom : BackupReply;

    /// <summary>It cannot be made, for a reason that the node's log names.</summary>
    public sealed record Failed : BackupReply;
}
