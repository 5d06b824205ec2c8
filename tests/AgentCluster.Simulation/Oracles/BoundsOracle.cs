using AgentCluster.Runtime;
using AgentCluster.Runtime.Cells;
using AgentCluster.Simulation.Runs;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Simulation.Oracles;

/// <summary>
/// S11, after every step, or every eighth of several nodes: nothing that a node keeps grows beyond its bound. Callers fill a mailbox up to its capacity, and
/// an outbox up to its own; what letters, timers and tells add is bounded too, by how many actors and claims a run has.
/// Each command id under way has a command behind it.
/// </summary>
internal sealed class BoundsOracle(SimulatedCluster cluster, NodeOptions options)
{
    /// <summary>Letters and timers come whether or not there is room for callers; each claim and each agent has one or two.</summary>
    private const int Slack = 64;

    private const int OneOf = 8;
    private long _steps;

    public void Check()
    {
        // Several nodes have several times as much to look at, and take several times as many steps.
        if (cluster.IsShared && ++_steps % OneOf != 0)
        {
            return;
        }

        for (var node = 0; node < cluster.Nodes.Count; node++)
        {
            foreach (var shard in cluster.Nodes[node].Actors?.Shards ?? [])
            {
                foreach (var cell in shard.Cells)
                {
                    Check(cell);
                }
            }
        }
    }

    private void Check(Cell cell)
    {
        Bound("asks in the mailbox", cell, cell.Asked, options.MailboxCapacity);
        Bound("mailbox", cell, cell.Pending, options.MailboxCapacity + Slack);
        Bound("outbox", cell, cell.Letters, options.OutboxCapacity + Slack);
        Bound("command ids under way", cell, cell.CommandsUnderWay, cell.Pending);
    }

    private static void Bound(string what, Cell cell, int found, int bound)
    {
        if (found > bound)
        {
            throw new ViolationException("S11 bounds", $"{what} of {cell.Id}: expected at most {bound}, found {found}");
        }
    }
}
