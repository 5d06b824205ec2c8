using System.Text.Json;
using AgentCluster.Actors;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.Agents.AgentEvent;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Domain.Projections;

/// <summary>What each agent has done, and when it was there.</summary>
public sealed class AgentStatistics : IProjection
{
    private const string Channel = "agent:";

    /// <summary>An agent's record.</summary>
    /// <param name="row">Of <see cref="ProjectionTables.AgentStatistics"/>; null for none.</param>
    public static AgentRecord Read(Row? row) =>
        row is null ? AgentRecord.None : JsonSerializer.Deserialize(row.Payload.Span, AgentRecordJson.Default.AgentRecord)!;

    /// <inheritdoc/>
    public IEnumerable<RowKey> Reads(StoredEvent happened) => Decode(happened) switch
    {
        AgentEvent => [Key(happened.Actor.Name)],
        IOfTask { Task: var task } =>
        [
            new(ProjectionTables.OpenClaim.Name, task.Value),
            .. happened.Channels.Split('\n').Where(line => line.StartsWith(Channel, StringComparison.Ordinal)).Select(line => Key(line[Channel.Length..])),
        ],
        _ => [],
    };

    /// <inheritdoc/>
    public void Fold(StoredEvent happened, IProjectedRows rows)
    {
        switch (Decode(happened))
        {
            case TaskClaimed e:
                rows.Put(ProjectionTables.OpenClaim, e.Task.Value, [RowValue.Of(e.Agent.Value), RowValue.Of(e.At)], default);
                Change(rows, e.Agent.Value, record => record with
                {
                    Claimed = record.Claimed + 1,
                    Held = record.Held + 1,
                    HeldSinceMs = record.HeldSinceMs + e.At.ToUnixTimeMilliseconds(),
                });
                break;
            case TaskProgressed e when rows.Find(new(ProjectionTables.OpenClaim.Name, e.Task.Value)) is { } claim:
                Change(rows, claim.Columns[0].Text!, record => record with { Cost = record.Cost.Plus(e.Cost) });
                break;
            case TaskCompleted e:
                End(rows, e.Task, e.Outcome.CompletedAt, (record, lasted) => record with
                {
                    Completed = record.Completed + 1,
                    CompletedMs = record.CompletedMs + lasted,
                    Cost = record.Cost.Plus(e.Cost),
                });
                break;
            case ClaimEnded e:
                End(rows, e.Task, e.At, (record, _) => e.Cause switch
                {
                    ClaimEnd.Released => record with { Released = record.Released + 1 },
                    ClaimEnd.Failed => record with { Failed = record.Failed + 1 },
                    _ => record with { Lapsed = record.Lapsed + 1 },
                });
                break;
            case TaskCancelled e:
                End(rows, e.Task, e.At, (record, _) => record with { Cancelled = record.Cancelled + 1 });
                break;
            case TaskDeleted e:
                End(rows, e.Task, e.At, (record, _) => record with { Cancelled = record.Cancelled + 1 });
                break;
            case AgentRegistered e:
                Came(rows, happened.Actor.Name, e.At);
                break;
            case AgentCameOnline e:
                Came(rows, happened.Actor.Name, e.At);
                break;
            case AgentWentOffline e:
                Went(rows, happened.Actor.Name, e.At);
                break;
            case AgentDeregistered e:
                Went(rows, happened.Actor.Name, e.At);
                break;
        }
    }

    private static RowKey Key(string agent) => new(ProjectionTables.AgentStatistics.Name, agent);

    /// <summary>The event, where it may concern an agent's record; those of a newer version do not yet.</summary>
    private static object? Decode(StoredEvent happened) => happened.Name switch
    {
        "task-claimed.v1" or "task-progressed.v1" or "task-completed.v1" or "claim-ended.v1" or "task-cancelled.v1" or "task-deleted.v1" =>
            TaskRegistryBehavior.Json.Events.Read(happened.Name, happened.Payload.Span),
        "agent-registered.v1" or "agent-came-online.v1" or "agent-went-offline.v1" or "agent-deregistered.v1" =>
            AgentBehavior.Json.Events.Read(happened.Name, happened.Payload.Span),
        _ => null,
    };

    private static void Came(IProjectedRows rows, string agent, DateTimeOffset at) =>
        Change(rows, agent, record => record with { OnlineSince = record.OnlineSince ?? at });

    private static void Went(IProjectedRows rows, string agent, DateTimeOffset at) => Change(rows, agent, record => record with
    {
        OnlineMs = record.OnlineMs + (record.OnlineSince is { } since ? Lasted(since, at) : 0),
        OnlineSince = null,
    });

    private static void End(IProjectedRows rows, TaskId task, DateTimeOffset at, Func<AgentRecord, long, AgentRecord> ended)
    {
        if (rows.Find(new(ProjectionTables.OpenClaim.Name, task.Value)) is not { } claim)
        {
            return;
        }

        var since = RowValue.Moment(claim.Columns[1].Number!.Value);
        var lasted = Lasted(since, at);
        Change(rows, claim.Columns[0].Text!, record => ended(record, lasted) with
        {
            Held = record.Held - 1,
            HeldSinceMs = record.HeldSinceMs - since.ToUnixTimeMilliseconds(),
            ClaimedMs = record.ClaimedMs + lasted,
        });
        rows.Remove(ProjectionTables.OpenClaim, task.Value);
    }

    // The clocks of two nodes may differ: nothing lasts less than nothing.
    private static long Lasted(DateTimeOffset from, DateTimeOffset to) => Math.Max(0, (long)(to - from).TotalMilliseconds);

    private static void Change(IProjectedRows rows, string agent, Func<AgentRecord, AgentRecord> change) => rows.Put(
        ProjectionTables.AgentStatistics,
        agent,
        [],
        JsonSerializer.SerializeToUtf8Bytes(change(Read(rows.Find(Key(agent)))), AgentRecordJson.Default.AgentRecord));
}
