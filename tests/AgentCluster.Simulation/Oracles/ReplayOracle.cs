using AgentCluster.Actors;
using AgentCluster.Runtime.Cells;
using AgentCluster.Runtime.Kinds;
using AgentCluster.Runtime.Store;
using AgentCluster.Simulation.Runs;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Simulation.Oracles;

/// <summary>
/// The end of every run, for actors that replay their events: replay from zero = replay from each snapshot that was ever
/// written = the state in memory of the present owner.
/// </summary>
internal sealed class ReplayOracle(JournalOracle journal, IReadOnlyList<ActorKind> kinds, SimulatedCluster cluster)
{
    private readonly Dictionary<string, NodeKind> _kinds = kinds.ToDictionary(kind => kind.Name, kind => new NodeKind(kind));

    public void Check(IReadOnlyList<StoredEvent> events)
    {
        foreach (var own in events.GroupBy(stored => stored.Actor).Where(own => _kinds[own.Key.Kind].Replayed))
        {
            var zero = Replay(own.Key, [.. own], null);
            foreach (var snapshot in journal.SnapshotsOf(own.Key))
            {
                Same(own.Key, zero, Replay(own.Key, [.. own], snapshot), $"the snapshot at {Sequence(snapshot)}");
            }

            foreach (var node in cluster.Nodes)
            {
                // Whoever does not know yet that it is down has what it had.
                if (node.Actors?.ShardOf(own.Key) is { IsTrusted: true } shard && shard.Find(own.Key) is { Status: CellStatus.Running, IsSettled: true } live)
                {
                    Same(own.Key, zero, live.Machine.Snapshot(), "memory");
                }
            }
        }
    }

    private static long Sequence(Row snapshot) => snapshot.Columns[0].Number!.Value;

    private byte[] Replay(ActorId actor, StoredEvent[] events, Row? snapshot)
    {
        var machine = _kinds[actor.Kind].Create(actor.Name);
        if (snapshot is not null)
        {
            machine.Restore(snapshot.Payload.Span);
        }

        foreach (var stored in events.Where(stored => snapshot is null || stored.Sequence > Sequence(snapshot)))
        {
            machine.Replay(stored.Name, stored.Payload.Span);
        }

        return machine.Snapshot();
    }

    private static void Same(ActorId actor, byte[] zero, byte[] other, string source)
    {
        if (!zero.AsSpan().SequenceEqual(other))
        {
            throw new ViolationException(
                "S6 replay", $"{actor}: from zero {System.Text.Encoding.UTF8.GetString(zero)}, from {source} {System.Text.Encoding.UTF8.GetString(other)}");
        }
    }
}
