using AgentCluster.Benchmarks.Floors;
using AgentCluster.Benchmarks.Subjects;

namespace AgentCluster.Benchmarks.Measures;

/// <summary>
/// Durable claim and complete, 32 callers, one project, so one actor: the whole node on its store, against the floor loop
/// (F), hand-written SQL (S) and itself with keys and with claim-next. All work on a copy of one data directory, and take
/// turns in each round.
/// </summary>
internal sealed class Claims : IMeasure
{
    /// <summary>The least mean group of F with which it proves anything.</summary>
    public const double LeastGroup = 8;

    private const string Pairs = "claim+complete, 32 callers, one project";
    private const int Callers = 32;
    private const int Tasks = 40_000;
    private const int Turns = 5;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(0.8);

    public string Name => "claims";

    public async Task<IReadOnlyList<Figure>> RunAsync(Action<string> say)
    {
        using var template = await Template.MakeAsync(Tasks);
        List<double> groups = [];
        var rounds = new Rounds(say, Turn);
        var floor = rounds.Add("F", turn => FloorAsync(template, Callers, turn, groups));
        var node = rounds.Add("node", turn => NodeAsync(template, turn, running => new NodePairs(running)));
        var keyed = rounds.Add("with keys", turn => NodeAsync(template, turn, running => new NodePairs(running, keyed: true)));
        var chain = rounds.Add("claim_next", turn => NodeAsync(template, turn, running => new NodeChain(new(running))));
        var hand = rounds.Add("S", turn => HandAsync(template, turn));
        var lone = rounds.Add("lone commits", turn => FloorAsync(template, 1, turn, []));
        await rounds.RunAsync(Turns);

        var group = Spread.Of(groups.Skip(1)).Median;
        var voided = group < LeastGroup ? FormattableString.Invariant($"F's mean group is {group:0.0}, under {LeastGroup}") : null;
        var named = FormattableString.Invariant($"F in groups of {group:0.0}");
        return
        [
            Figure.Beside(Pairs, node.Rates(), "pairs/s", named, floor.Rates(), Target.AtLeast(0.6), voided),
            Figure.Beside(Pairs, node.Rates(), "pairs/s", "S", hand.Rates(), Target.AtLeast(1.5)),
            Figure.Beside("p99 of a pair", node.WholeP99(), "µs", named, floor.WholeP99(), Target.AtMost(3), voided),
            Figure.Beside("p99 of a claim", node.FirstP99(), "µs", "a lone commit's p99", lone.FirstP99(), Target.AtMost(4)),
            Figure.Beside(Pairs + ", with Idempotency-Keys", keyed.Rates(), "pairs/s", "without", node.Rates(), Target.AtLeast(0.8)),
            Figure.Beside("complete with claim_next, 32 callers, one project", chain.Rates(), "tasks/s", "in two calls", node.Rates(), Target.AtLeast(1.6)),
        ];
    }

    /// <summary>A turn of the floor on a copy of its own.</summary>
    internal static async Task<Pace> FloorAsync(Template template, int callers, TimeSpan turn, List<double> groups)
    {
        using var copy = template.Copy();
        await using var floor = new GroupLoop(copy.File, template.Sample);
        var pace = await ClosedLoop.RunAsync(floor, callers, turn, Tasks);
        groups.Add(floor.MeanGroup);
        return pace;
    }

    /// <summary>A turn of hand-written SQL on a copy of its own.</summary>
    internal static async Task<Pace> HandAsync(Template template, TimeSpan turn)
    {
        using var copy = template.Copy();
        await using var hand = new HandSql(copy.File, template.Sample);
        return await ClosedLoop.RunAsync(hand, Callers, turn, Tasks);
    }

    /// <summary>A turn of a node on a copy of its own.</summary>
    internal static async Task<Pace> NodeAsync(Template template, TimeSpan turn, Func<RunningNode, ISubject> ask, int callers = Callers)
    {
        using var copy = template.Copy();
        await using var subject = ask(await RunningNode.StartAsync(copy.Path));
        return await ClosedLoop.RunAsync(subject, callers, turn, Tasks);
    }
}
