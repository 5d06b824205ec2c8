using System.Diagnostics;
using System.Globalization;
using AgentCluster.Runtime.Mutants;
using AgentCluster.Simulation.Mutations;
using AgentCluster.Simulation.Runs;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Simulation;

/// <summary>What the simulation is asked on the command line. The README of the simulation is <c>docs/simulation.md</c>.</summary>
internal static class Commands
{
    private const string Usage = """
        usage: dotnet run -c Release --project tests/AgentCluster.Simulation -- [what]
          --seeds A-B              runs these seeds (default 1-300), prints what fails
          --recorded FILE          runs the seeds that a file lists
          --seed N [--trace]       replays one seed; --trace tells what happened when
          --without FAULT,FAULT    leaves faults out
          --mutants [--upto N]     breaks one rule after another; each must be found within N seeds (default 2000)
          --mutant NAME            breaks this rule
          --hashes A-B             prints the trace hash of each seed, for the determinism test
        """;

    // Rules that another one covers, so that no run can tell them from the product. Each has a unit test that fails without it.
    private static readonly Dictionary<string, string> Redundant = new(StringComparer.Ordinal)
    {
        [nameof(Mutant.FiresLateTimers)] =
            "a late lease asks the Agent actor first, and what waited in front of the frozen node is decided before that answer comes",
        [nameof(Mutant.RecoversTooEarly)] =
            "only an Apply that throws drops an actor while its batch is in flight, and the domain's does not throw",
        [nameof(Mutant.BelievesFencedResend)] =
            "settling waits out what was sent before, so a batch that is sent again cannot be fenced by itself",
    };

    public static int Run(string[] args)
    {
        try
        {
            var options = Options.Parse(args);
            return options.What switch
            {
                "seed" => Replay(options),
                "mutants" => Mutants(options),
                "hashes" => Hashes(options),
                _ => Seeds(options),
            };
        }
        catch (FormatException wrong)
        {
            Console.Error.WriteLine($"{wrong.Message}\n{Usage}");
            return 2;
        }
    }

    private static int Seeds(Options options)
    {
        var began = Stopwatch.GetTimestamp();
        var counts = new FaultCounts();
        var (failed, time, gate) = (0, TimeSpan.Zero, new Lock());
        Parallel.ForEach(
            options.Seeds(),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            seed =>
            {
                var result = options.Run(seed).Execute();
                lock (gate)
                {
                    counts.Add(result.Counts);
                    time += result.Time;
                    if (result.Found is not null)
                    {
                        failed++;
                        Console.WriteLine(Report(result, options));
                    }
                }
            });
        var took = Stopwatch.GetElapsedTime(began);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{options.Count} seeds, {time.TotalHours:0.0} simulated hours in {took.TotalSeconds:0.0} s ({options.Count / took.TotalSeconds:0.0} seeds/s, {time / took:0} x real time)"));
        Console.WriteLine(string.Join(", ", counts.All.Select(count => $"{count.Key} {count.Value}")));
        var never = options.Count >= 300 ? Sometimes.Missing(counts) : [];
        foreach (var state in never)
        {
            Console.WriteLine($"NEVER REACHED: {state}. A check that is never reached proves nothing.");
        }

        Console.WriteLine($"{options.Count - failed} passed, {failed + never.Count} failed");
        return failed + never.Count == 0 ? 0 : 1;
    }

    private static int Replay(Options options)
    {
        Action<TimeSpan, string>? tell = options.Trace
            ? static (at, what) => Console.WriteLine($"{at.TotalSeconds,10:0.000}  {what}")
            : null;
        var result = (options.Run(options.From) with { Tell = tell }).Execute();
        Console.WriteLine(result.Found is null
            ? $"seed {result.Seed}: no violation, trace={result.Trace:x16} t={result.Time} steps={result.Steps}\nplan: {result.Plan}"
            : Report(result, options));
        return result.Found is null ? 0 : 1;
    }

    private static int Mutants(Options options)
    {
        var survivors = 0;
        var mutants = Enum.GetValues<Mutant>().Where(mutant => mutant != Mutant.None)
            .Select(mutant => (Name: mutant.ToString(), Run: (Func<ulong, Run>)(seed => new(seed) { Mutant = mutant })))
            .Concat(Enum.GetValues<DomainMutant>().Select(mutant =>
                (Name: mutant.ToString(), Run: (Func<ulong, Run>)(seed => new(seed) { Domain = mutant }))))
            .ToArray();
        foreach (var (name, run) in mutants)
        {
            if (Redundant.TryGetValue(name, out var why))
            {
                Console.WriteLine($"redundant {name}: {why}");
                continue;
            }

            Result? killed = null;
            var gate = new Lock();
            Parallel.For(1, options.UpTo + 1, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (seed, state) =>
            {
                var result = run((ulong)seed).Execute();
                if (result.Found is not null)
                {
                    lock (gate)
                    {
                        killed ??= result;
                    }

                    state.Stop();
                }
            });
            survivors += killed is null ? 1 : 0;
            Console.WriteLine(killed is null
                ? $"SURVIVED {name}: not found in {options.UpTo} seeds"
                : $"killed   {name} at seed {killed.Seed}: {killed.Found!.Message.Split('\n')[0]}");
        }

        Console.WriteLine($"{mutants.Length - Redundant.Count - survivors} passed, {survivors} failed");
        return survivors == 0 ? 0 : 1;
    }

    private static int Hashes(Options options)
    {
        foreach (var seed in options.Seeds())
        {
            var result = options.Run(seed).Execute();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{seed} {result.Trace:x16} {result.Steps}"));
        }

        return 0;
    }

    private static string Report(Result result, Options options) => string.Create(CultureInfo.InvariantCulture, $"""
        SIM FAILED  {result.Found!.Message}
          seed={result.Seed}  trace={result.Trace:x16}  t={result.Time.TotalSeconds:0.000}s  step={result.Steps}
          plan: {result.Plan}
          replay: dotnet run -c Release --project tests/AgentCluster.Simulation -- --seed {result.Seed}{options.Again} --trace
        """);
}
