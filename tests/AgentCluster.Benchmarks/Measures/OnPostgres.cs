using AgentCluster.Benchmarks.Floors;
using AgentCluster.Benchmarks.Subjects;

namespace AgentCluster.Benchmarks.Measures;

/// <summary>
/// Durable claim and complete on PostgreSQL, 32 callers in one node, 64 projects: the whole node against the floor loop and against
/// a queue in a table with 32 connections. All work on copies of one database, on one server with its defaults.
/// </summary>
internal sealed class OnPostgres : IMeasure
{
    private const string Pairs = "PostgreSQL: claim+complete, 32 callers, 64 projects";
    private const int Callers = 32;
    private const int Projects = 64;
    private const int TasksEach = 1_000;
    private const int Most = Projects * (TasksEach - Callers);
    private const int Turns = 5;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1.2);

    public string Name => "postgres";

    public async Task<IReadOnlyList<Figure>> RunAsync(Action<string> say)
    {
        await using var template = await PostgresTemplate.MakeAsync(TasksEach, Projects);
        List<double> groups = [];
        var rounds = new Rounds(say, Turn);
        var floor = rounds.Add("F", turn => FloorAsync(template, turn, groups));
        var node = rounds.Add("node", turn => NodeAsync(template, turn));
        var hand = rounds.Add("S", turn => HandAsync(template, turn));
        await rounds.RunAsync(Turns);

        var named = FormattableString.Invariant($"F in groups of {Spread.Of(groups.Skip(1)).Median:0.0}");
        return
        [
            Figure.Beside(Pairs, node.Rates(), "pairs/s", named, floor.Rates(), Target.AtLeast(0.6)),
            Figure.Beside(Pairs, node.Rates(), "pairs/s", "S, FOR UPDATE SKIP LOCKED at 32 connections", hand.Rates(), Target.AtLeast(1.5)),
        ];
    }

    private static async Task<Pace> FloorAsync(PostgresTemplate template, TimeSpan turn, List<double> groups)
    {
        await using var copy = await template.CopyAsync();
        await using var floor = await PostgresLoop.StartAsync(copy.Address, template.Sample);
        var pace = await ClosedLoop.RunAsync(floor, Callers, turn, Most);
        groups.Add(floor.MeanGroup);
        return pace;
    }

    private static async Task<Pace> NodeAsync(PostgresTemplate template, TimeSpan turn)
    {
        await using var copy = await template.CopyAsync();
        await using var subject = await SpreadPairs.StartAsync(await PostgresTemplate.StartAsync(copy.Address), Projects);
        return await ClosedLoop.RunAsync(subject, Callers, turn, Most);
    }

    private static async Task<Pace> HandAsync(PostgresTemplate template, TimeSpan turn)
    {
        await using var copy = await template.CopyAsync();
        await using var hand = await SkipLocked.StartAsync(copy.Address, template.Sample, Callers);
        return await ClosedLoop.RunAsync(hand, Callers, turn, Most);
    }
}
