using AgentCluster.Benchmarks.Floors;
using AgentCluster.Benchmarks.Subjects;

namespace AgentCluster.Benchmarks.Measures;

/// <summary>Questions to an actor of another node that write nothing, two processes on loopback without TLS, beside a bare echo of frames.</summary>
internal sealed class ForwardedAsks : IMeasure
{
    private const int Callers = 32;
    private const int Turns = 5;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    public string Name => "forwarded-asks";

    public async Task<IReadOnlyList<Figure>> RunAsync(Action<string> say)
    {
        await using var other = await OtherNode.StartAsync();
        await using var ask = new CounterAsks(other.Node, new CounterCommand.Read(), actors: 1);
        await using var many = new CounterAsks(other.Node, new CounterCommand.Read(), actors: Callers);
        await using var echo = await FramedEcho.ConnectAsync(other.Echo);
        var rounds = new Rounds(say, Turn);
        var bare = rounds.Add("echo", turn => ClosedLoop.RunAsync(echo, 1, turn));
        var alone = rounds.Add("alone", turn => ClosedLoop.RunAsync(ask, 1, turn));
        var together = rounds.Add("32", turn => ClosedLoop.RunAsync(many, Callers, turn));
        await rounds.RunAsync(Turns);
        return
        [
            Figure.Beside("ask of another node, 1 under way, p50", Half(alone), "µs", "a bare framed echo", Half(bare), Target.AtMost(1.3)),
            Figure.BesideNumber("ask of another node, 32 under way", together.Rates(), "/s", 200_000, atMost: false),
        ];
    }

    private static IReadOnlyList<double> Half(IEnumerable<Pace> paces) => [.. paces.Select(pace => pace.Whole[pace.Whole.Length / 2])];
}
