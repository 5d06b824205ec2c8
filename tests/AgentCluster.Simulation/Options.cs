using System.Globalization;
using AgentCluster.Bridge.Live;
using AgentCluster.Runtime.Mutants;
using AgentCluster.Simulation.Mutations;
using AgentCluster.Simulation.Runs;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Simulation;

/// <summary>The command line, read.</summary>
internal sealed record Options
{
    public string What { get; init; } = "seeds";

    public ulong From { get; init; } = 1;

    public ulong To { get; init; } = 300;

    public int UpTo { get; init; } = 2_000;

    public bool Trace { get; init; }

    public Mutant Mutant { get; init; }

    public DomainMutant? Domain { get; init; }

    public StoreMutant Store { get; init; }

    public LiveMutant Live { get; init; }

    /// <summary>What is left out of every run.</summary>
    public Cut Cut { get; init; } = Cut.Nothing;

    /// <summary>Whether the seed that fails is made smaller.</summary>
    public bool Shrink { get; init; }

    /// <summary>The simulated seconds that a trace tells of.</summary>
    public (double From, double To) Window { get; init; } = (0, double.MaxValue);

    /// <summary>Seeds that are run instead of a range.</summary>
    public IReadOnlyList<ulong>? Listed { get; init; }

    public long Amount => Listed?.Count ?? (long)(To - From) + 1;

    /// <summary>The rule that is broken on purpose; null for the product.</summary>
    public string? Broken =>
        Mutant != Mutant.None ? $"{Mutant}"
        : Store != StoreMutant.None ? $"{Store}"
        : Live != LiveMutant.None ? $"{Live}"
        : Domain is { } domain ? $"{domain}"
        : null;

    /// <summary>What a replay must say beside the seed and its cut.</summary>
    public string Again => Broken is { } broken ? $" --mutant {broken}" : "";

    public static Options Parse(IReadOnlyList<string> args)
    {
        var options = new Options();
        for (var i = 0; i < args.Count; i++)
        {
            options = args[i] switch
            {
                "--trace" when i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal) =>
                    options with { Trace = true, Window = Seconds(args[++i]) },
                "--trace" => options with { Trace = true },
                "--shrink" => options with { Shrink = true },
                "--mutants" => options with { What = "mutants" },
                "--recorded" => options with { Listed = Recorded(Value(args, ++i)) },
                "--seed" => options with { What = "seed", From = Number(Value(args, ++i)) },
                "--upto" => options with { UpTo = (int)Number(Value(args, ++i)) },
                "--without" => options with { Cut = Value(args, ++i).Split(',').Aggregate(options.Cut, LeftOut) },
                "--agents" => options with { Cut = options.Cut with { Agents = Count(args, ++i) } },
                "--tasks" => options with { Cut = options.Cut with { Tasks = Count(args, ++i) } },
                "--projects" => options with { Cut = options.Cut with { Projects = Count(args, ++i) } },
                "--shards" => options with { Cut = options.Cut with { Shards = Count(args, ++i) } },
                "--lanes" => options with { Cut = options.Cut with { Lanes = Count(args, ++i) } },
                "--nodes" => options with { Cut = options.Cut with { Nodes = Count(args, ++i) } },
                "--until" => options with { Cut = options.Cut with { Until = Count(args, ++i) } },
                "--mutant" => options.Breaking(Value(args, ++i)),
                "--seeds" => options.Between(Value(args, ++i)),
                "--hashes" => options.Between(Value(args, ++i)) with { What = "hashes" },
                var other => throw new FormatException($"Expected an option, found '{other}'."),
            };
        }

        return options;
    }

    public Run Run(ulong seed) => new(seed) { Mutant = Mutant, Domain = Domain, Store = Store, Live = Live, Cut = Cut };

    public IEnumerable<ulong> Seeds() => Listed ?? Range();

    private static List<ulong> Recorded(string file) => File.Exists(file)
        ? [.. File.ReadLines(file).Where(line => line.Length > 0 && line[0] != '#').Select(line => Number(line.Split(' ')[0]))]
        : throw new FormatException($"Expected a file of seeds, found nothing at '{file}'.");

    private IEnumerable<ulong> Range()
    {
        for (var seed = From; seed <= To; seed++)
        {
            yield return seed;
        }
    }

    private static string Value(IReadOnlyList<string> args, int at) =>
        at < args.Count ? args[at] : throw new FormatException($"Expected a value after '{args[at - 1]}'.");

    private static ulong Number(string text) => ulong.TryParse(text, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new FormatException($"Expected a number, found '{text}'.");

    private static int Count(IReadOnlyList<string> args, int at) => Number(Value(args, at)) is > 0 and <= int.MaxValue and var count
        ? (int)count
        : throw new FormatException($"Expected 1 or more after '{args[at - 1]}', found '{args[at]}'.");

    private static (double From, double To) Seconds(string range) =>
        range.Split('-') is [var from, var to]
        && double.TryParse(from, CultureInfo.InvariantCulture, out var first) && double.TryParse(to, CultureInfo.InvariantCulture, out var last)
            ? (first, last)
            : throw new FormatException($"Expected seconds as A-B after '--trace', found '{range}'.");

    private static Cut LeftOut(Cut cut, string name) => Enum.TryParse<Feature>(name, ignoreCase: true, out var feature)
        ? cut with { Features = [.. cut.Features, feature] }
        : cut with { Faults = [.. cut.Faults, Named<Fault>(name)] };

    private static T Named<T>(string text)
        where T : struct, Enum =>
        Enum.TryParse<T>(text, ignoreCase: true, out var named)
            ? named
            : throw new FormatException($"Expected one of {string.Join(", ", Enum.GetNames<T>())}, found '{text}'.");

    private Options Between(string range)
    {
        var ends = range.Split('-');
        return ends.Length == 2
            ? this with { From = Number(ends[0]), To = Number(ends[1]) }
            : throw new FormatException($"Expected A-B, found '{range}'.");
    }

    private Options Breaking(string name) =>
        Enum.TryParse<DomainMutant>(name, ignoreCase: true, out var domain) ? this with { Domain = domain }
        : Enum.TryParse<LiveMutant>(name, ignoreCase: true, out var live) && live != LiveMutant.None ? this with { Live = live }
        : Enum.TryParse<StoreMutant>(name, ignoreCase: true, out var store) ? this with { Store = store }
        : this with { Mutant = Named<Mutant>(name) };
}
