using AgentCluster.Runtime.Ports;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Tests.TestKit;

/// <summary>What leaves the simulation's thread fails the run, with the place where it came back.</summary>
public sealed class EscapeTests
{
    // Broken on purpose: Enqueue without its look at the thread.
    [Fact]
    public void Work_that_comes_back_on_another_thread_fails_the_seed()
    {
        var escaped = Assert.Throws<EscapedException>(() => World.Run(
            async world =>
            {
                var elsewhere = new TaskCompletionSource();
                var waiting = world.Start(async () => await elsewhere.Task);
                await world.Pass(TimeSpan.FromSeconds(1));
                Elsewhere(elsewhere.SetResult);
                await waiting;
            },
            seed: 7));

        Assert.Contains("Seed 7: ESCAPE", escaped.Message, StringComparison.Ordinal);
        Assert.Contains("   at ", escaped.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> Seams =>
        ["dispatcher", "process", "timer", "clock", "wall clock", "true clock", "chance", "commit", "acquire", "settle", "read"];

    // Broken on purpose: each seam's Guard taken out, one after another.
    [Theory]
    [MemberData(nameof(Seams))]
    public void Every_seam_notices_a_call_from_another_thread(string seam)
    {
        var escaped = Assert.Throws<EscapedException>(() => World.Run(async world =>
        {
            var database = new SimulatedDatabase(world, [], new FaultPlan(), new FaultCounts());
            var process = new SimulatedProcess(world, 1);
            Elsewhere(() => Touch(seam, world, process, new SimulatedStore(database, process)));
            await world.Pass(TimeSpan.FromSeconds(1));
        }));

        Assert.Contains("ESCAPE", escaped.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Touch), escaped.Message, StringComparison.Ordinal);
    }

    private static void Touch(string seam, World world, SimulatedProcess process, SimulatedStore store)
    {
        object touched = seam switch
        {
            "dispatcher" => Dispatched(process),
            "process" => process.Start(() => Task.CompletedTask),
            "timer" => process.Clock.CreateTimer(_ => { }, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan),
            "clock" => process.Clock.GetTimestamp(),
            "wall clock" => process.Clock.GetUtcNow(),
            "true clock" => world.Pass(TimeSpan.FromSeconds(1)),
            "chance" => world.Random.NextDouble(),
            "commit" => store.CommitAsync([], CancellationToken.None).AsTask(),
            "acquire" => store.AcquireAsync([0], new(1), CancellationToken.None).AsTask(),
            "settle" => store.SettleAsync(0, CancellationToken.None).AsTask(),
            _ => store.LoadAsync(new("light", "kitchen"), CancellationToken.None).AsTask(),
        };
        Assert.NotNull(touched);
    }

    private static Nothing Dispatched(SimulatedProcess process)
    {
        process.Dispatch(new Nothing());
        return new();
    }

    /// <summary>A thread of its own, ended before the world goes on, so that the world cannot end first.</summary>
    private static void Elsewhere(Action act)
    {
        var thread = new Thread(() => act());
        thread.Start();
        thread.Join();
    }

    private sealed class Nothing : IRunnable
    {
        public void Run()
        {
        }
    }
}
