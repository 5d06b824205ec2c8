using System.Diagnostics;
using System.Globalization;
using AgentCluster.Simulation.Coverage;
using AgentCluster.Simulation.Mutations;
using AgentCluster.Simulation.Runs;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Simulation;

/// <summary>What the simulation is asked on the command line. The README of the simulation is <c>docs/simulation.md</c>.</summary>
internal static class Commands
{
    // Fewer seeds may miss a state, or a pair, for no other reason than that they are few.
    private const int SeedsForStates = 300;
    private const int SeedsForPairs = 3_000;
    private const int Shrunk = 3;

    private const string Usage = """
        usage: dotnet run -c Release --project tests/AgentCluster.Simulation -- [what]
          --seeds A-B              runs these seeds (default 1-300), prints what fails
          --recorded FILE          runs the seeds that a file lists
          --seed N [--trace [A-B]] replays one seed; --trace tells what happened, in these simulated seconds
          --seed N --shrink        makes a seed that fails smaller
          --without NAME,NAME      leaves faults and features out
          --agents N --tasks N --projects N --shards N --lanes N --nodes N --until SECONDS
                                   at most so many, and faults no longer than that
          --mutants [--upto N]     breaks one rule after another; each must be found within N seeds (default 2000)
          --mutant NAME            breaks this rule; with --mutants, only this one
          --hashes A-B             prints the trace hash of each seed, for the determinism test
        """;

    public static int Run(string[] args)
    {
        try
        {
            var options = Options.Parse(args);
            return options.What switch
            {
                "seed" => Replay(options),
                "mutants" => MutationGate.Run(options.UpTo, options.Broken),
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
        var (counts, pairs) = (new FaultCounts(), new Pairs());
        List<Result> failed = [];
        var (time, gate) = (TimeSpan.Zero, new Lock());
        Parallel.ForEach(
            options.Seeds(),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount },
            seed =>
            {
                var result = options.Run(seed).Execute();
                lock (gate)
                {
                    counts.Add(result.Counts);
                    pairs.Add(result.Pairs);
                    time += result.Time;
                    if (result.Found is not null)
                    {
                        failed.Add(result);
                        Console.WriteLine(Report.Of(result, options.Run(seed), options));
                    }
                }
            });
        var took = Stopwatch.GetElapsedTime(began);
        foreach (var result in failed.OrderBy(result => result.Seed).DistinctBy(result => result.Found!.Invariant).Take(Shrunk))
        {
            Console.WriteLine(Report.Minimal(result, options.Run(result.Seed), options));
        }

        Console.WriteLine(string.Join(", ", counts.All.Select(count => $"{count.Key} {count.Value}")));
        var never = Never(options.Amount, counts, pairs);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{options.Amount} seeds, {time.TotalHours:0.0} simulated hours in {took.TotalSeconds:0.0} s ({options.Amount / took.TotalSeconds:0.0} seeds/s, {time / took:0} x real time)"));
        Console.WriteLine($"{Pairs.Count - pairs.Missing.Count} of {Pairs.Count} pairs of faults and states were reached");
        Console.WriteLine($"{options.Amount - failed.Count} passed, {failed.Count + never} failed");
        return failed.Count + never == 0 ? 0 : 1;
    }

    /// <summary>How many things had to be reached and were not: each is one failed test.</summary>
    private static int Never(long seeds, FaultCounts counts, Pairs pairs)
    {
        if (seeds < SeedsForStates)
        {
            return 0;
        }

        var states = Sometimes.Missing(counts);
        foreach (var state in states)
        {
            Console.WriteLine($"NEVER REACHED: {state}. A check that is never reached proves nothing.");
        }

        foreach (var pair in pairs.Missing)
        {
            Console.WriteLine($"pair not reached: {pair}");
        }

        return states.Count + (seeds >= SeedsForPairs ? pairs.Missing.Count : 0);
    }

    private static int Replay(Options options)
    {
        var run = options.Run(options.From);
        var result = (run with { Tell = options.Trace ? Tell : null }).Execute();
        if (result.Found is null)
        {
            Console.WriteLine($"seed {result.Seed}: no violation, trace={result.Trace:x16} t={result.Time} steps={result.Steps}\nplan: {result.Plan}");
            return 0;
        }

        Console.WriteLine(Report.Of(result, run, options));
        if (options.Shrink)
        {
            Console.WriteLine(Report.Minimal(result, run, options));
        }

        return 1;

        void Tell(TimeSpan at, string what)
        {
            if (at.TotalSeconds >= options.Window.From && at.TotalSeconds <= options.Window.To)
            {
                Console.WriteLine($"{at.TotalSeconds,10:0.000}  {what}");
            }
        }
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
}
