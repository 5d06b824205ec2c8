using AgentCluster.Bridge.Live;
using AgentCluster.Runtime.Mutants;
using AgentCluster.Simulation.Runs;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Simulation.Mutations;

/// <summary>Breaks one rule after another: an oracle that does not find it is blind.</summary>
internal static class MutationGate
{
    // Rules that another one covers, so that no run can tell them from the product. Each has a unit test that fails without it.
    private static readonly Dictionary<string, string> Redundant = new(StringComparer.Ordinal)
    {
        [nameof(Mutant.FiresLateTimers)] =
            "a late lease asks the Agent actor first, and what waited in front of the frozen node is decided before that answer comes",
        [nameof(Mutant.RecoversTooEarly)] =
            "only an Apply that throws drops an actor while its batch is in flight, and the domain's does not throw",
        [nameof(Mutant.BelievesFencedResend)] =
            "settling waits out what was sent before, so a batch that is sent again cannot be fenced by itself",
        [nameof(Mutant.ReleasesUndrained)] =
            "what is in flight was written before the release or is fenced by it, and its callers hear which; draining spares them that",
        [nameof(Mutant.IgnoresGenerations)] =
            "the first write after a restore is fenced, and who acquires anew gives up all that is older; in a run somebody always writes",
        [nameof(Mutant.TakesLettersOfOthers)] =
            "whoever does not own a shard cannot write what a letter to it led to",
        [nameof(Mutant.SendsAgainWithoutAnId)] =
            "whoever writes in a run gives the command an id; a scenario has a claim without one",
    };

    // Rules between nodes: seeds with one node cannot break them.
    private static readonly HashSet<string> OfSeveralNodes =
    [
        nameof(Mutant.TrustsForEver), nameof(Mutant.TrustsFromTheAnswer), nameof(Mutant.WatchesByWallClock), nameof(Mutant.TakesFromTheLiving),
        nameof(Mutant.SharesOutByCount), nameof(Mutant.KeepsWhatItHandedOver), nameof(Mutant.ReleasesUndrained), nameof(Mutant.GivesNothingBack),
        nameof(Mutant.KeepsShardsWhenDown), nameof(Mutant.IgnoresGenerations), nameof(Mutant.TakesLettersOfOthers),
        nameof(Mutant.SendsAgainWithoutAnId), nameof(Mutant.BelievesALaterNotDone),
        nameof(StoreMutant.RevivesTheDown), nameof(StoreMutant.DeclaresWhoCountsOn), nameof(StoreMutant.TakesWhoeverTookIt),
        nameof(StoreMutant.TellsUntakenAsTaken),
    ];

    /// <param name="upTo">How many seeds each mutant has to survive to count as not found.</param>
    /// <param name="only">The one mutant that is tried; null for all.</param>
    /// <returns>The exit code.</returns>
    public static int Run(int upTo, string? only)
    {
        (string Name, Func<ulong, Run> Of)[] mutants =
        [
            .. Enum.GetValues<Mutant>().Where(mutant => mutant != Mutant.None)
                .Select(mutant => ($"{mutant}", (Func<ulong, Run>)(seed => new(seed) { Mutant = mutant }))),
            .. Enum.GetValues<StoreMutant>().Where(mutant => mutant != StoreMutant.None)
                .Select(mutant => ($"{mutant}", (Func<ulong, Run>)(seed => new(seed) { Store = mutant }))),
            .. Enum.GetValues<LiveMutant>().Where(mutant => mutant != LiveMutant.None)
                .Select(mutant => ($"{mutant}", (Func<ulong, Run>)(seed => new(seed) { Live = mutant }))),
            .. Enum.GetValues<DomainMutant>().Select(mutant => ($"{mutant}", (Func<ulong, Run>)(seed => new(seed) { Domain = mutant }))),
        ];
        mutants = [.. mutants.Where(mutant => only is null || mutant.Name == only)];
        var redundant = mutants.Count(mutant => Redundant.ContainsKey(mutant.Name));
        var killed = mutants.Count(mutant => Redundant.ContainsKey(mutant.Name) ? Explain(mutant.Name) : IsKilled(mutant.Name, mutant.Of, upTo));
        var survivors = mutants.Length - killed - redundant;
        var replays = only is not null || MinimalReplays(upTo);
        Console.WriteLine($"{killed + (replays && only is null ? 1 : 0)} passed, {survivors + (replays ? 0 : 1)} failed");
        return survivors == 0 && replays ? 0 : 1;
    }

    private static bool Explain(string name)
    {
        Console.WriteLine($"redundant {name}: {Redundant[name]}");
        return false;
    }

    private static bool IsKilled(string name, Func<ulong, Run> run, int upTo)
    {
        if (First(run, upTo, OfSeveralNodes.Contains(name)) is { } first)
        {
            Console.WriteLine($"killed   {name} at seed {first.Seed}: {first.Found!.Message.Split('\n')[0]}");
            return true;
        }

        Console.WriteLine($"SURVIVED {name}: not found in {upTo} seeds");
        return false;
    }

    /// <summary>The first seed that finds it; seeds after one that did are not begun.</summary>
    private static Result? First(Func<ulong, Run> run, int upTo, bool ofSeveralNodes = false)
    {
        Result? first = null;
        var (next, gate) = (0, new Lock());
        Parallel.For(0, Environment.ProcessorCount, _ =>
        {
            while (Volatile.Read(ref first) is null && Interlocked.Increment(ref next) is var seed && seed <= upTo)
            {
                if (ofSeveralNodes && Plan.NodesOf((ulong)seed) == 1)
                {
                    continue;
                }

                var result = run((ulong)seed).Execute();
                lock (gate)
                {
                    if (result.Found is not null && (first is null || result.Seed < first.Seed))
                    {
                        first = result;
                    }
                }
            }
        });
        return first;
    }

    /// <summary>What the shrinker prints is a command line: read again, it fails with the same invariant, and it is smaller.</summary>
    private static bool MinimalReplays(int upTo)
    {
        const DomainMutant Broken = DomainMutant.ClaimsHeldTasks;
        if (First(seed => new(seed) { Domain = Broken }, upTo) is not { } failed)
        {
            return false;
        }

        var (least, _) = new Shrinker(new(failed.Seed) { Domain = Broken }).Shrink(failed);
        var again = Options.Parse($"--seed {failed.Seed}{least.Cut} --mutant {Broken}".Split(' '));
        var found = again.Run(again.From).Execute();
        var replays = found.Found?.Invariant == failed.Found!.Invariant && least.Cut != Cut.Nothing;
        Console.WriteLine($"{(replays ? "shrunk  " : "NOT SHRUNK")} {Broken} to --seed {failed.Seed}{least.Cut}: {found.Found?.Invariant}");
        return replays;
    }
}
