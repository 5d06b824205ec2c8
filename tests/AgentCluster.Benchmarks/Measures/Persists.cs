using AgentCluster.Benchmarks.Subjects;

namespace AgentCluster.Benchmarks.Measures;

/// <summary>One event and a reply a question, on a store in memory: what the runtime's write path costs without a disk.</summary>
internal sealed class Persists : IMeasure
{
    private const int Callers = 32;
    private const int Turns = 5;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(0.4);

    public string Name => "persists";

    public async Task<IReadOnlyList<Figure>> RunAsync(Action<string> say)
    {
        var rounds = new Rounds(say, Turn);
        var one = rounds.Add("1 actor", turn => AddAsync(1, turn));
        var hundred = rounds.Add("100 actors", turn => AddAsync(100, turn));
        await rounds.RunAsync(Turns);
        return
        [
            Figure.BesideNumber("persist and reply in memory, 32 under way, 1 actor", one.Rates(), "/s", 400_000, atMost: false),
            Figure.BesideNumber("persist and reply in memory, 32 under way, 100 actors", hundred.Rates(), "/s", 800_000, atMost: false),
        ];
    }

    private static async Task<Pace> AddAsync(int actors, TimeSpan turn)
    {
        await using var subject = new CounterAsks(await MemoryNode.StartAsync(MemoryNode.Store()), new CounterCommand.Add(), actors);
        var pace = await ClosedLoop.RunAsync(subject, Callers, turn);

        // The next one begins with an empty heap.
        GC.Collect();
        return pace;
    }
}
