using AgentCluster.Benchmarks.Floors;
using AgentCluster.Benchmarks.Subjects;

namespace AgentCluster.Benchmarks.Measures;

/// <summary>
/// Durable claim and complete, 32 callers, one project, so one actor: the node's runtime on its store, against the floor
/// loop (F) and hand-written SQL (S). All work on a copy of one data directory, and take turns in each round.
/// </summary>
internal sealed class ClaimComplete : IMeasure
{
    private const int Callers = 32;
    private const int Pairs = 20_000;
    private const int HandPairs = 4_000;
    private const int Rounds = 5;
    private const double LeastGroup = 8;

    public string Name => "claim-complete";

    public async Task<IReadOnlyList<Figure>> RunAsync(Action<string> say)
    {
        using var template = await Template.MakeAsync(Pairs);
        List<double> floor = [], hand = [], node = [], groups = [];
        // The first round only warms up.
        for (var round = 0; round <= Rounds; round++)
        {
            var (floorRate, group) = await FloorAsync(template);
            var nodeRate = await RateAsync(await NodePairs.StartAsync(template.Copy()), Pairs);
            var handRate = await RateAsync(new HandSql(template.Copy().File, template.Sample), HandPairs);
            say(FormattableString.Invariant($"round {round}: F {floorRate:0} (group {group:0.0}), node {nodeRate:0}, S {handRate:0} pairs/s"));
            if (round > 0)
            {
                floor.Add(floorRate);
                groups.Add(group);
                node.Add(nodeRate);
                hand.Add(handRate);
            }
        }

        var mean = Spread.Of(groups);
        var voided = mean.Median < LeastGroup ? FormattableString.Invariant($"F's mean group is {mean.Median:0.0}, under {LeastGroup}") : null;
        var said = FormattableString.Invariant($"F, {floor.Order().ElementAt(Rounds / 2):0}/s in groups of {mean.Median:0.0}");
        return
        [
            new("claim+complete, 32 callers, one project", Spread.Of(node), "pairs/s", said, Spread.OfRatios(node, floor), 0.4, voided),
            new("claim+complete, 32 callers, one project", Spread.Of(node), "pairs/s", FormattableString.Invariant($"S, {Spread.Of(hand).Median:0}/s"), Spread.OfRatios(node, hand), null),
        ];
    }

    private static async Task<(double Rate, double Group)> FloorAsync(Template template)
    {
        await using var floor = new GroupLoop(template.Copy().File, template.Sample);
        var rate = await ClosedLoop.RateAsync(floor, Callers, Pairs);
        return (rate, floor.MeanGroup);
    }

    private static async Task<double> RateAsync(ISubject subject, int pairs)
    {
        await using (subject)
        {
            return await ClosedLoop.RateAsync(subject, Callers, pairs);
        }
    }
}
