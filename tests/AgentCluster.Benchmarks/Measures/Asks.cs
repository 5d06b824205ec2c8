using AgentCluster.Benchmarks.Floors;
using AgentCluster.Benchmarks.Subjects;

namespace AgentCluster.Benchmarks.Measures;

/// <summary>Questions to one actor that write nothing, in process: how long one takes alone, and how many a second with 32 under way.</summary>
internal sealed class Asks : IMeasure
{
    private const int Callers = 32;
    private const int Turns = 5;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(0.4);

    public string Name => "asks";

    public async Task<IReadOnlyList<Figure>> RunAsync(Action<string> say)
    {
        await using var one = new CounterAsks(await MemoryNode.StartAsync(MemoryNode.Store()), new CounterCommand.Read(), actors: 1);
        await using var mailbox = new BareMailbox();
        var rounds = new Rounds(say, Turn);
        var alone = rounds.Add("alone", turn => ClosedLoop.RunAsync(one, 1, turn));
        var many = rounds.Add("32", turn => ClosedLoop.RunAsync(one, Callers, turn));
        var bare = rounds.Add("a bare mailbox, 32", turn => ClosedLoop.RunAsync(mailbox, Callers, turn));
        await rounds.RunAsync(Turns);
        return
        [
            Figure.BesideNumber("ask without events, 1 under way, p50", [.. alone.Select(pace => pace.Whole[pace.Whole.Length / 2])], "µs", 5, atMost: true),
            Figure.BesideNumber("ask without events, 32 under way", many.Rates(), "/s", 1_200_000, atMost: false),
            Figure.Beside("ask without events, 32 under way", many.Rates(), "/s", "a bare mailbox", bare.Rates(), null),
        ];
    }
}
