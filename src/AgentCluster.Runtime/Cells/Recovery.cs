using AgentCluster.Actors;
using AgentCluster.Runtime.Kinds;
using AgentCluster.Runtime.Lanes;
using AgentCluster.Runtime.Mutants;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Runtime.Cells;

/// <summary>Recovers the actors of one lane from the store, a bounded number at a time.</summary>
internal sealed class Recovery(ActorNode node, Lane lane)
{
    /// <summary>Version of how snapshots are written; one of another version is passed over.</summary>
    public const string SnapshotSchema = "json.v1";

    private const int EventsPerPage = 1_000;
    private readonly Queue<Cell> _waiting = new();
    private int _running;

    /// <summary>How many are being read or wait for it; from any thread.</summary>
    public int Waiting => _running + _waiting.Count;

    public void Request(Cell cell)
    {
        _waiting.Enqueue(cell);
        Next();
    }

    private void Next()
    {
        while (_running < Math.Max(1, node.Options.Recoveries / node.Options.Lanes) && _waiting.TryDequeue(out var cell))
        {
            if (cell.IsDetached)
            {
                continue;
            }

            _running++;
            lane.Await(ReadAsync(cell.Id, cell.Kind, cell.Shard.Number), (recovered, error) => Recovered(cell, recovered, error));
        }
    }

    private void Recovered(Cell cell, Recovered? recovered, Exception? error)
    {
        _running--;
        try
        {
            if (error is not null)
            {
                cell.RecoveryFailed(error);
            }
            else
            {
                cell.Install(recovered!);
            }
        }
        finally
        {
            Next();
        }
    }

    /// <summary>Reads an actor as the store has it.</summary>
    public async ValueTask<Recovered> ReadAsync(ActorId id, NodeKind kind, int shard)
    {
        var image = await node.Store.LoadAsync(id, CancellationToken.None);
        var machine = kind.Create(id.Name);
        foreach (var query in machine.Open)
        {
            var owned = query with
            {
                Where = [.. query.Where, new("owner", RowTest.Equal, RowValue.Of(id.ToString()))],
                Limit = null,
            };
            var page = await node.Store.QueryAsync(owned, CancellationToken.None);
            machine.Load(page.Rows);
        }

        return new(machine, image, kind.Replayed ? await ReplayAsync(machine, image, id, kind, shard) : 0);
    }

    private async ValueTask<int> ReplayAsync(Machine machine, ActorImage image, ActorId id, NodeKind kind, int shard)
    {
        var after = Restore(machine, image.Snapshot, id, shard);
        var replayed = 0;
        while (true)
        {
            var page = await node.Store.ReadActorEventsAsync(id, shard, after, EventsPerPage, CancellationToken.None);
            foreach (var stored in page)
            {
                machine.Replay(stored.Name, stored.Payload.Span);
                after = stored.Sequence;
            }

            replayed += page.Count;
            if (page.Count < EventsPerPage)
            {
                return replayed;
            }
        }
    }

    /// <summary>A snapshot only saves time: one that is damaged is passed over, never believed.</summary>
    private long Restore(Machine machine, Row? snapshot, ActorId id, int shard)
    {
        if (snapshot is null || !machine.HasSnapshot)
        {
            return 0;
        }

        if (node.Breaks(Mutant.BelievesAnySnapshot))
        {
            machine.Restore(snapshot.Payload.Span);
            return snapshot.Columns[0].Number!.Value;
        }

        if (snapshot.Columns[1].Text != SnapshotSchema || snapshot.Columns[2].Number != StableHash.Checksum(snapshot.Payload.Span))
        {
            node.Log.SnapshotDamaged(id, shard, $"schema {snapshot.Columns[1]}, checksum {snapshot.Columns[2]}");
            return 0;
        }

        machine.Restore(snapshot.Payload.Span);
        return snapshot.Columns[0].Number!.Value;
    }
}

/// <summary>What was read of an actor.</summary>
/// <param name="Machine">Its behavior with the recovered state.</param>
/// <param name="Image">The runtime's own rows.</param>
/// <param name="Replayed">Events replayed after the snapshot.</param>
internal sealed record Recovered(Machine Machine, ActorImage Image, int Replayed);
