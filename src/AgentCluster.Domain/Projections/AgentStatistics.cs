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
    /// <param name="row">Of <see cref="ProjectionTables.AgentStatistics"/>.</param>
    public static AgentRecord Read(Row row) => JsonSerializer.Deserialize(row.Payload.Span, AgentRecordJson.Default.AgentRecord)!;

    /// <inheritdoc/>
    public Folding? Take(StoredEvent happened) => Decode(happened) switch
    {
        TaskClaimed e => new([Key(e.Agent.Value)], [ClaimOf(e.Task)], rows => Began(rows, e)),
        IOfTask e => new([ClaimOf(e.Task), .. Agents(happened)], [], rows => Took(rows, e)),
        AgentEvent e => new([Key(happened.Actor.Name)], [], rows => Took(rows, happened.Actor.Name, e)),
        _ => null,
    };

    private static RowKey Key(string agent) => new(ProjectionTables.AgentStatistics.Name, agent);

    private static RowKey ClaimOf(TaskId task) => new(ProjectionTables.OpenClaim.Name, task.Value);

    private static IEnumerable<RowKey> Agents(StoredEvent happened) => happened.Channels.Split('\n')
        .Where(line => line.StartsWith(Channel, StringComparison.Ordinal))
        .Select(line => Key(line[Channel.Length..]));

    /// <summary>The event, where it may concern an agent's record; those of a newer version do not yet.</summary>
    private static object? Decode(StoredEvent happened) => happened.Name switch
    {
        "task-claimed.v1" or "task-progressed.v1" or "task-completed.v1" or "claim-ended.v1" or "task-cancelled.v1" or "task-deleted.v1" =>
            TaskRegistryBehavior.Json.Events.Read(happened.Name, happened.Payload.Span),
        "agent-registered.v1" or "agent-came-online.v1" or "agent-went-offline.v1" or "agent-deregistered.v1" =>
            AgentBehavior.Json.Events.Read(happened.Name, happened.Payload.Span),
        _ => null,
    };

    private static void Began(IProjectedRows rows, TaskClaimed e)
    {
        rows.Put(ProjectionTables.OpenClaim, e.Task.Value, new OpenClaim(e.Agent.Value, e.At), OpenClaim.Write);
        Change(rows, e.Agent.Value, record => record with
        {
            Claimed = record.Claimed + 1,
            Held = record.Held + 1,
            HeldSinceMs = record.HeldSinceMs + e.At.ToUnixTimeMilliseconds(),
        });
    }

    private static void Took(IProjectedRows rows, IOfTask happened)
    {
        if (rows.Find(ClaimOf(happened.Task), OpenClaim.Read) is not { } claim)
        {
            return;
        }

        switch (happened)
        {
            case TaskProgressed e:
                Change(rows, claim.Agent, record => record with { Cost = record.Cost.Plus(e.Cost) });
                break;
            case TaskCompleted e:
                End(rows, e.Task, claim, e.Outcome.CompletedAt, (record, lasted) => record with
                {
                    Completed = record.Completed + 1,
                    CompletedMs = record.CompletedMs + lasted,
                    Cost = record.Cost.Plus(e.Cost),
                });
                break;
            case ClaimEnded e:
                End(rows, e.Task, claim, e.At, (record, _) => e.Cause switch
                {
                    ClaimEnd.Released => record with { Released = record.Released + 1 },
                    ClaimEnd.Failed => record with { Failed = record.Failed + 1 },
                    _ => record with { Lapsed = record.Lapsed + 1 },
                });
                break;
            case TaskCancelled e:
                End(rows, e.Task, claim, e.At, (record, _) => record with { Cancelled = record.Cancelled + 1 });
                break;
            case TaskDeleted e:
                End(rows, e.Task, claim, e.At, (record, _) => record with { Cancelled = record.Cancelled + 1 });
                break;
        }
    }

    private static void Took(IProjectedRows rows, string agent, AgentEvent happened)
    {
        switch (happened)
        {
            case AgentRegistered e:
                Came(rows, agent, e.At);
                break;
            case AgentCameOnline e:
                Came(rows, agent, e.At);
                break;
            case AgentWentOffline e:
                Went(rows, agent, e.At);
                break;
            case AgentDeregistered e:
                Went(rows, agent, e.At);
                break;
        }
    }

    private static void Came(IProjectedRows rows, string agent, DateTimeOffset at) =>
        Change(rows, agent, record => record with { OnlineSince = record.OnlineSince ?? at });

    private static void Went(IProjectedRows rows, string agent, DateTimeOffset at) => Change(rows, agent, record => record with
    {
        OnlineMs = record.OnlineMs + (record.OnlineSince is { } since ? Lasted(since, at) : 0),
        OnlineSince = null,
    });

    private static void End(
        IProjectedRows rows, TaskId task, OpenClaim claim, DateTimeOffset at, Func<AgentRecord, long, AgentRecord> ended)
    {
        var lasted = Lasted(claim.Since, at);
        Change(rows, claim.Agent, record => ended(record, lasted) with
        {
            Held = record.Held - 1,
            HeldSinceMs = record.HeldSinceMs - claim.Since.ToUnixTimeMilliseconds(),
            ClaimedMs = record.ClaimedMs + lasted,
        });
        rows.Remove(ProjectionTables.OpenClaim, task.Value);
    }

    // The clocks of two nodes may differ: nothing lasts less than nothing.
    private static long Lasted(DateTimeOffset from, DateTimeOffset to) => Math.Max(0, (long)(to - from).TotalMilliseconds);

    private static void Change(IProjectedRows rows, string agent, Func<AgentRecord, AgentRecord> change) =>
        rows.Put(ProjectionTables.AgentStatistics, agent, change(rows.Find(Key(agent), Read) ?? AgentRecord.None), Write);

    private static (IReadOnlyList<RowValue> Columns, ReadOnlyMemory<byte> Payload) Write(AgentRecord record) =>
        ([], JsonSerializer.SerializeToUtf8Bytes(record, AgentRecordJson.Default.AgentRecord));

    /// <summary>A claim that has not ended.</summary>
    private sealed record OpenClaim(string Agent, DateTimeOffset Since)
    {
        public static OpenClaim Read(Row row) => new(row.Columns[0].Text!, RowValue.Moment(row.Columns[1].Number!.Value));

        public static (IReadOnlyList<RowValue> Columns, ReadOnlyMemory<byte> Payload) Write(OpenClaim claim) =>
            ([RowValue.Of(claim.Agent), RowValue.Of(claim.Since)], default);
    }
}
