using AgentCluster.Benchmarks.Floors;
using AgentCluster.Benchmarks.Subjects;

namespace AgentCluster.Benchmarks.Measures;

/// <summary>
/// 32 pairs of agents that delegate over HTTP, requested, accepted and completed, beside claim and complete of the same node; and claim
/// and complete as calls of MCP tools beside the same over plain HTTP.
/// </summary>
internal sealed class Delegations : IMeasure
{
    private const int Callers = 32;
    private const int Tasks = 40_000;
    private const int Turns = 5;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    public string Name => "delegations";

    public async Task<IReadOnlyList<Figure>> RunAsync(Action<string> say)
    {
        using var template = await Template.MakeAsync(Tasks);
        var rounds = new Rounds(say, Turn);
        var claims = Add("claims", HttpPairs.OpenAsync);
        var delegations = Add("delegations", HttpDelegations.OpenAsync);
        var tools = Add("tools", McpPairs.OpenAsync);
        await rounds.RunAsync(Turns);
        return
        [
            Figure.Beside(
                "delegations over HTTP, 32 pairs", delegations.Rates(), "/s", "claim+complete over HTTP", claims.Rates(), Target.AtLeast(0.25)),
            Figure.Beside(
                "claim+complete as MCP tools, 32 connections", tools.Rates(), "/s", "claim+complete over HTTP", claims.Rates(), Target.AtLeast(0.7)),
        ];

        IReadOnlyList<Pace> Add<T>(string name, Func<RunningNode, int, Task<T>> open)
            where T : ISubject => rounds.Add(name, async turn =>
        {
            using var copy = template.Copy();
            await using var subject = await open(await RunningNode.StartAsync(copy.Path), Callers);
            return await ClosedLoop.RunAsync(subject, Callers, turn, Tasks);
        });
    }
}
