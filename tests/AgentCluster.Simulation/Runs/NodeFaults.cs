using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Simulation.Runs;

/// <summary>What happens to the node while faults go on.</summary>
internal sealed class NodeFaults(World world, SimulatedDatabase database, SimulatedNode node, FaultPlan plan, FaultCounts counts)
{
    private static readonly Fault[] OfNodes = [Fault.Crash, Fault.CrashInRecovery, Fault.Freeze, Fault.WallJump, Fault.Drain, Fault.Rollback];

    public Action<TimeSpan, string>? Tell { get; init; }

    public async Task HappenAsync(TimeSpan until)
    {
        Fault[] on = [.. OfNodes.Where(plan.On.Contains)];
        while (world.Clock.Elapsed < until)
        {
            await world.Pass(plan.NodeFaultEvery * (0.1 + (1.8 * world.Random.NextDouble())));
            if (on.Length > 0)
            {
                await HappenAsync(on[world.Random.Next(on.Length)]);
            }
        }

        node.Process?.Thaw();
        if (node.Process is null)
        {
            node.Start();
        }
    }

    /// <summary>The operator restarts the node when the disk is mended: an actor that could not be read waits for that.</summary>
    public void Mend()
    {
        if (plan.On.Contains(Fault.TornEvent))
        {
            node.Start();
        }
    }

    /// <summary>A bias point: a crash at a moment that is too short for a seed to hit.</summary>
    public void Strike()
    {
        if (database.IsHostile && (plan.On.Contains(Fault.Crash) || plan.On.Contains(Fault.CrashInRecovery)))
        {
            Tell?.Invoke(world.Clock.Elapsed, "node: Crash, between the slices of a cascade");
            counts.Happened(Fault.Crash);
            _ = world.Start(() => CrashAsync(Some(5)));
        }
    }

    private async Task HappenAsync(Fault fault)
    {
        Tell?.Invoke(world.Clock.Elapsed, $"node: {fault}");
        if (fault != Fault.Rollback)
        {
            counts.Happened(fault);
        }

        switch (fault)
        {
            case Fault.Crash:
                await CrashAsync(Some(20));
                break;
            case Fault.CrashInRecovery:
                await CrashAsync(Some(2));
                await world.Pass(Some(world.Random.Once(2) ? 0.05 : 0.5));
                counts.Reached(node.IsUp ? "killed soon after it was up" : "killed while starting");
                await CrashAsync(TimeSpan.FromMilliseconds(1));
                break;
            case Fault.Freeze:
                node.Process?.Freeze();
                await world.Pass(Some(world.Random.Once(3) ? 30 : 3));
                node.Process?.Thaw();
                break;
            case Fault.WallJump when node.Process is { } process:
                process.Clock.WallOffset = TimeSpan.FromMinutes(-2 + (4 * world.Random.NextDouble()));
                break;
            case Fault.Drain:
                await node.DrainAsync(TimeSpan.FromSeconds(5));
                await world.Pass(Some(2));
                node.Start();
                break;
            case Fault.Rollback when world.Random.Once(2):
                counts.Reached("restored");
                node.Kill();
                database.RollBack(1 + world.Random.Next(20));
                await world.Pass(Some(5));
                node.Start();
                break;
            case Fault.Rollback:
                counts.Reached("failed over");
                database.RollBack(1 + world.Random.Next(20));
                break;
        }
    }

    private async Task CrashAsync(TimeSpan down)
    {
        node.Kill();
        await world.Pass(down);
        node.Start();
    }

    private TimeSpan Some(double seconds) => TimeSpan.FromSeconds(seconds * world.Random.NextDouble());
}
