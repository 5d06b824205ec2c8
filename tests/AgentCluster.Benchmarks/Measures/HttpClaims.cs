using AgentCluster.Benchmarks.Floors;
using AgentCluster.Benchmarks.Subjects;

namespace AgentCluster.Benchmarks.Measures;

/// <summary>Claim and complete over HTTP, 32 keep-alive connections, against an endpoint that does nothing. The same client for both, in this process.</summary>
internal sealed class HttpClaims : IMeasure
{
    private const int Callers = 32;
    private const int Tasks = 40_000;
    private const int Turns = 5;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    public string Name => "http";

    public async Task<IReadOnlyList<Figure>> RunAsync(Action<string> say)
    {
        using var template = await Template.MakeAsync(Tasks);
        var rounds = new Rounds(say, Turn);
        var bare = rounds.Add("bare", async turn =>
        {
            await using var subject = await BareHttp.StartAsync(Callers);
            return await ClosedLoop.RunAsync(subject, Callers, turn);
        });
        var node = rounds.Add("node", async turn =>
        {
            using var copy = template.Copy();
            await using var subject = await HttpPairs.OpenAsync(await RunningNode.StartAsync(copy.Path), Callers);
            return await ClosedLoop.RunAsync(subject, Callers, turn, Tasks);
        });
        await rounds.RunAsync(Turns);

        // Two requests a pair, on both sides.
        return
        [
            Figure.Beside(
                "claim+complete over HTTP, 32 connections", [.. node.Rates().Select(rate => 2 * rate)], "req/s",
                "a bare endpoint (aim: 0.29)", [.. bare.Rates().Select(rate => 2 * rate)], Target.AtLeast(0.15)),
        ];
    }
}
