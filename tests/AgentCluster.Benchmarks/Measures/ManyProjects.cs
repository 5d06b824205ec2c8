using AgentCluster.Benchmarks.Floors;
using AgentCluster.Benchmarks.Subjects;

namespace AgentCluster.Benchmarks.Measures;

/// <summary>Durable claim and complete, 256 callers over 64 projects, so 64 actors on as many shards, against the floor loop.</summary>
internal sealed class ManyProjects : IMeasure
{
    private const int Callers = 256;
    private const int Projects = 64;
    private const int TasksEach = 1_000;
    private const int Turns = 5;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(0.8);

    public string Name => "many-projects";

    public async Task<IReadOnlyList<Figure>> RunAsync(Action<string> say)
    {
        using var template = await Template.MakeAsync(TasksEach, Projects);
        List<double> groups = [];
        var rounds = new Rounds(say, Turn);
        var floor = rounds.Add("F", turn => Claims.FloorAsync(template, Callers, turn, groups));
        var node = rounds.Add("node", turn => Claims.NodeAsync(template, turn, running => new NodePairs(running, Projects), Callers));
        await rounds.RunAsync(Turns);

        var group = FormattableString.Invariant($"F in groups of {Spread.Of(groups.Skip(1)).Median:0}");
        return [Figure.Beside("claim+complete, 256 callers, 64 projects", node.Rates(), "pairs/s", group, floor.Rates(), Target.AtLeast(0.6))];
    }
}
