using System.Diagnostics;
using AgentCluster.Benchmarks.Subjects;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.TestKit.Stores;

namespace AgentCluster.Benchmarks.Measures;

/// <summary>
/// Registered agents that a node wakes when it starts, from a store in memory: how fast, and what each keeps of the heap with
/// its state and its presence timer once it rests.
/// </summary>
internal sealed class IdleAgents : IMeasure
{
    private const int Agents = 50_000;
    private const int Turns = 5;

    // What a node does once for each agent is compiled for good after some rounds: the fourth was twice as fast as the third.
    private const int WarmUps = 5;

    public string Name => "idle-agents";

    public async Task<IReadOnlyList<Figure>> RunAsync(Action<string> say)
    {
        var store = MemoryNode.Store();
        await GoneAsync(await RegisterAsync(store));
        List<double> bytes = [], rates = [];
        for (var round = 0; round < WarmUps + Turns; round++)
        {
            var (rate, each, node) = await TurnAsync(store);
            await GoneAsync(node);
            say(FormattableString.Invariant($"round {round}: {rate:#,##0}/s, {each:#,##0} B"));
            if (round >= WarmUps)
            {
                rates.Add(rate);
                bytes.Add(each);
            }
        }

        return
        [
            Figure.BesideNumber("an idle agent's actor", bytes, "B", 1_000, atMost: true),
            Figure.BesideNumber("agents activated from the store in memory", rates, "/s", 200_000, atMost: false),
        ];
    }

    private static async Task<WeakReference> RegisterAsync(MemoryStore store)
    {
        await using var node = await MemoryNode.StartAsync(store);
        await Parallel.ForEachAsync(Enumerable.Range(0, Agents), async (number, cancellationToken) =>
        {
            var id = new AgentId($"agent-{number:00000}");
            var profile = new AgentProfile { Name = $"Agent {number}", Capabilities = ["csharp"] };
            await node.Actors.AskAsync(Kinds.AgentOf(id), new AgentCommand.RegisterAgent(profile, Rotate: false), null, cancellationToken);
        });
        return new(node.Actors);
    }

    private static async Task<(double Rate, double Bytes, WeakReference Node)> TurnAsync(MemoryStore store)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var began = Stopwatch.GetTimestamp();
        await using var node = await MemoryNode.StartAsync(store);
        var rate = Agents / await AwakeAsync(node, began);
        return (rate, (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Agents, new(node.Actors));
    }

    /// <summary>Waits until every agent has recovered.</summary>
    /// <returns>Seconds since <paramref name="began"/>.</returns>
    private static async Task<double> AwakeAsync(MemoryNode node, long began)
    {
        for (var number = Agents - 1; number >= 0; number -= Agents / 500)
        {
            await node.Actors.AskAsync(Kinds.AgentOf(new($"agent-{number:00000}")), new AgentCommand.ReadAgent(), null, CancellationToken.None);
        }

        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    /// <summary>Waits until nothing of a node that ended is on the heap: what it had under way may hold it for a moment.</summary>
    private static async Task GoneAsync(WeakReference node)
    {
        while (node.IsAlive)
        {
            await Task.Delay(50);
            GC.Collect();
        }
    }
}
