using AgentCluster.Actors;
using AgentCluster.Bridge.Upkeep;

namespace AgentCluster.Tests.Bridge;

/// <summary>A node that finds and backs up what a test says, and touches no disk.</summary>
internal sealed class ScriptedUpkeep : IUpkeep
{
    public IReadOnlyList<Finding> Findings { get; set; } = [new("version", Condition.Ok, "0.0.0")];

    public Func<string?, BackupReply> BackUp { get; set; } =
        name => new BackupReply.Made(name ?? "now", "/nowhere/now", 4096, DateTimeOffset.UnixEpoch);

    /// <summary>Whether the last examination was a full one.</summary>
    public bool WasFull { get; private set; }

    public ValueTask<IReadOnlyList<Finding>> ExamineAsync(bool full, CancellationToken cancellationToken)
    {
        WasFull = full;
        return new(Findings);
    }

    public ValueTask<BackupReply> BackUpAsync(string? name) => new(BackUp(name));
}
