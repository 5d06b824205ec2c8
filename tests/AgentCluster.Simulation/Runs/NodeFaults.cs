using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Simulation.Runs;

/// <summary>What happens to one node while faults go on.</summary>
internal sealed class NodeFaults(
    World world, SimulatedDatabase database, SimulatedCluster cluster, SimulatedNode node, FaultPlan plan, FaultCounts counts)
{
    private static readonly Fault[] OfNodes = [Fault.Crash, Fault.CrashInRecovery, Fault.Freeze, Fault.WallJump, Fault.Drain, Fault.Rollback];
    private static readonly Fault[] OfMembers = [Fault.Cut, Fault.Leave, Fault.Downed];

    public Action<TimeSpan, string>? Tell { get; init; }

    /// <summary>What all nodes share is put back by what happens to the first.</summary>
    private IEnumerable<Fault> Possible =>
        OfNodes.Where(fault => fault != Fault.Rollback || node == cluster.Nodes[0]).Concat(cluster.IsShared ? OfMembers : []);

    public async Task HappenAsync(TimeSpan until)
    {
        Fault[] on = [.. Possible.Where(plan.On.Contains)];
        while (world.Clock.Elapsed < until)
        {
            await world.Pass(plan.NodeFaultEvery * (0.1 + (1.8 * world.Random.NextDouble())));
            if (on.Length > 0)
            {
                await HappenAsync(on[world.Random.Next(on.Length)]);
            }
        }
    }

    /// <summary>Whatever stands still goes on, and whoever is away comes back, also when it leaves later because it was asked to before.</summary>
    public void End()
    {
        if (cluster.IsShared)
        {
            _ = world.Start(AttendAsync);
        }

        if (node.Process is { } process)
        {
            process.IsCutOff = false;
            process.Thaw();
        }
        else
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
        Tell?.Invoke(world.Clock.Elapsed, $"{node.Membership?.Address ?? "node"}: {fault}");
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
                var frozen = node.Process;
                frozen?.Freeze();
                await world.Pass(Some(world.Random.Once(3) ? 30 : 3));
                frozen?.Thaw();
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
                foreach (var each in cluster.Nodes)
                {
                    each.Kill();
                }

                database.RollBack(1 + world.Random.Next(20));
                await world.Pass(Some(5));
                foreach (var each in cluster.Nodes)
                {
                    each.Start();
                }

                break;
            case Fault.Rollback:
                counts.Reached("failed over");
                database.RollBack(1 + world.Random.Next(20));
                break;
            case Fault.Cut when node.Process is { } process:
                process.IsCutOff = true;
                await world.Pass(Some(20));
                process.IsCutOff = false;
                break;
            case Fault.Leave:
                await AskedAsync((by, member) => by.LeaveAsync(member, CancellationToken.None).AsTask());
                await LeftAsync();
                break;
            case Fault.Downed:
                await AskedAsync((by, member) => by.DownAsync(member, CancellationToken.None).AsTask());
                break;
        }
    }

    /// <summary>An operator asks any node for something about this one.</summary>
    private async Task AskedAsync(Func<Runtime.ActorNode, string, Task<bool>> ask)
    {
        try
        {
            if (node.Actors?.Incarnation.ToString() is { } member
                && await cluster.Any().InAsync(by => ask(by, member)).WaitAsync(TimeSpan.FromSeconds(5), world.Clock))
            {
                counts.Reached("an operator was heard");
            }
        }
        catch (Exception away) when (away is ConnectionLostException or Actors.StoreUnavailableException or TimeoutException)
        {
            counts.Reached("an operator was not heard");
        }
    }

    /// <summary>Whoever was asked to leave ends by itself; an operator starts it again.</summary>
    private async Task LeftAsync()
    {
        var asked = node.Process;
        for (var patience = 0; patience < 40 && asked is not null && node.Process == asked; patience++)
        {
            await world.Pass(TimeSpan.FromSeconds(0.5));
        }

        if (node.Process is null)
        {
            counts.Reached("left");
            await world.Pass(Some(10));
            node.Start();
        }
    }

    private async Task AttendAsync()
    {
        while (true)
        {
            await world.Pass(TimeSpan.FromSeconds(1));
            if (node.Process is null)
            {
                node.Start();
            }
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
