using AgentCluster.Benchmarks.Floors;
using AgentCluster.Benchmarks.Subjects;

namespace AgentCluster.Benchmarks.Measures;

/// <summary>
/// The store slowed to a tenth of what HTTP can carry, and ten times that offered for one minute: what is done, what is
/// refused, what it costs, and whether those who keep trying keep their leases.
/// </summary>
internal sealed class Overload : IMeasure
{
    private const int Connections = 2_000;
    private const int MailboxCapacity = 512;
    private const int LeaseSeconds = 30;
    private const int Callers = 32;

    // Offered beyond ten times, for those that wait to be answered send nothing.
    private const double Times = 14;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(5);

    public string Name => "overload";

    public async Task<IReadOnlyList<Figure>> RunAsync(Action<string> say)
    {
        var folder = Directory.CreateTempSubdirectory("agentcluster-benchmark-");
        try
        {
            PacedStore store = null!;
            await using var node = await RunningNode.StartAsync(
                folder.FullName,
                inner => store = new(inner),
                ("agentcluster.runtime.mailbox-capacity", FormattableString.Invariant($"{MailboxCapacity}")));
            await Template.FillAsync(node, Template.ProjectOf(0), Connections);
            await using var crowd = await Crowd.GatherAsync(node, Connections, LeaseSeconds);
            var whole = (await ClosedLoop.RunAsync(crowd, Callers, TimeSpan.FromSeconds(2))).Rate;
            var capacity = store.EventsPerSecond = whole / 10;
            say(FormattableString.Invariant($"HTTP carries {whole:#,##0} req/s; the store takes {capacity:#,##0} events/s now"));

            var (_, usual) = await WatchedAsync(crowd, 0.8 * capacity, Before);
            var (answered, most) = await WatchedAsync(crowd, Times * capacity, Minute);
            store.EventsPerSecond = double.PositiveInfinity;
            var held = await crowd.CompleteAsync();

            var seconds = answered.Took.TotalSeconds;
            var offered = (answered.Done + answered.Refused + answered.Other) / seconds;
            say(FormattableString.Invariant(
                $"offered {offered:#,##0}/s: {answered.Done:#,##0} done, {answered.Refused:#,##0} refused, {answered.Other:#,##0} other; {usual:0} MiB, then {most:0}"));
            var title = FormattableString.Invariant($"overload, {offered / capacity:0.0} × the capacity for a minute: ");
            return
            [
                Figure.Beside(title + "memory", [most], "MiB", "at 0.8 × the capacity", [usual], Target.AtMost(1.5)),
                Figure.Beside(title + "good-put", [answered.Done / seconds], "req/s", "what the store takes", [capacity], Target.AtLeast(0.8)),
                Figure.Beside(title + "refused with Retry-After", [answered.Refused], "requests", "all that was not done", [answered.Refused + answered.Other], Target.AtLeast(1)),
                Figure.Beside(title + "leases kept", [held], "leases", "of", [Connections], Target.AtLeast(1)),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>Offers requests, and looks at the memory of this process, callers included, ten times a second.</summary>
    private static async Task<(Answered Answered, double MostMebibytes)> WatchedAsync(Crowd crowd, double perSecond, TimeSpan during)
    {
        var offering = crowd.OfferAsync(perSecond, during);
        var most = 0L;
        while (await Task.WhenAny(offering, Task.Delay(100)) != offering)
        {
            most = Math.Max(most, Environment.WorkingSet);
        }

        return (await offering, most / 1024.0 / 1024.0);
    }
}
