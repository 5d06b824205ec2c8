using System.Globalization;
using AgentCluster.SystemTests.Histories;

namespace AgentCluster.SystemTests.Disks;

/// <summary>
/// Goal: whichever call of a commit, a checkpoint, an opening or a closing is the last one, or fails, nothing that was
/// answered is lost, and nothing that was refused happened.
/// Method: a life of a node is watched once, so that all its calls on the data files are known; then it is lived again on a
/// copy of the same data for each of them (a sample, unless --long), and there it is killed, or told of an error. A node on
/// the rest goes on with the clients, and everything they were ever told is held against what is found.
/// </summary>
public sealed class KillPointTests(WatchedLife life, ITestOutputHelper output) : IClassFixture<WatchedLife>
{
    private static readonly bool All = Environment.GetEnvironmentVariable("AGENTCLUSTER_LONG") == "1";

    [Fact(Timeout = 7_200_000)]
    public Task Nothing_that_was_answered_is_lost_wherever_a_node_is_killed()
    {
        Assert.True(life.Steps.Count(step => step is { Call: "fdatasync", File: "-wal" }) > 4, "Expected several commits in the life that was watched.");
        Assert.Contains(life.Steps, step => step is { Call: "unlink", File: "-wal" });
        return LiveAsync(life.Steps, Fault.Kill, sampledOfKind: 2, code => code is null or Life.Killed);
    }

    // Broken on purpose: a commit that failed told as done.
    [Fact(Timeout = 7_200_000)]
    public Task Nothing_that_was_answered_is_lost_wherever_the_disk_fails() =>
        LiveAsync(
            life.Steps.Where(step => step.Call is "fdatasync" or "unlink" || step is { Call: "pwrite64", File: "-wal" }),
            step => Fault.Error("EIO", step),
            sampledOfKind: 1,
            code => code == 0);

    [Fact(Timeout = 7_200_000)]
    public Task Nothing_that_was_answered_is_lost_wherever_the_disk_is_full() =>
        LiveAsync(
            life.Steps.Where(step => step is { Call: "pwrite64", File: "-wal" or "" }), step => Fault.Error("ENOSPC", step), sampledOfKind: 1, code => code == 0);

    private async Task LiveAsync(IEnumerable<Step> steps, Func<Step, Fault> faultAt, int sampledOfKind, Func<int?, bool> isExpected)
    {
        var cancellation = TestContext.Current.CancellationToken;
        Fault[] faults =
        [
            .. steps.GroupBy(step => (step.Call, step.File))
                .SelectMany(kind => All ? kind : Sample([.. kind], sampledOfKind))
                .Select(faultAt),
        ];
        var others = 0;
        await Parallel.ForEachAsync(faults, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellation }, async (fault, _) =>
        {
            using var data = life.Copy();
            var crew = WatchedLife.Second();
            var code = await Life.OfAsync(data, crew, fault, cancellation);
            if (!isExpected(code))
            {
                output.WriteLine($"{fault}: ended with {code?.ToString(CultureInfo.InvariantCulture) ?? "an error at its start"}");
                Interlocked.Increment(ref others);
            }

            var violations = await Life.ViolationsAsync(data, [life.First, crew], cancellation);
            Violations.AssertNone([.. violations.Select(violation => $"{fault}: {violation}")]);
        });

        // An error while the files are opened ends the node.
        output.WriteLine($"{faults.Length} lives, {others} of them ended otherwise");
        Assert.True(others <= faults.Length / 10, $"{others} of {faults.Length} lives did not end as they should.");
    }

    // Evenly over a life.
    private static IEnumerable<Step> Sample(Step[] steps, int most)
    {
        var points = Math.Min(most, steps.Length);
        return Enumerable.Range(0, points).Select(i => steps[((2 * i) + 1) * steps.Length / (2 * points)]);
    }
}
