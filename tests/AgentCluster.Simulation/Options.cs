using System.Globalization;
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

    public IReadOnlyList<Fault> Without { get; init; } = [];

    /// <summary>Seeds that are run instead of a range.</summary>
    public IReadOnlyList<ulong>? Listed { get; init; }

    public long Count => Listed?.Count ?? (long)(To - From) + 1;

    /// <summary>What a replay must say beside the seed.</summary>
    public string Again =>
        (Without.Count > 0 ? $" --without {string.Join(',', Without)}" : "")
        + (Mutant != Mutant.None ? $" --mutant {Mutant}" : "")
        + (Domain is { } domain ? $" --mutant {domain}" : "");

    public static Options Parse(IReadOnlyList<string> args)
    {
        var options = new Options();
        for (var i = 0; i < args.Count; i++)
        {
            options = args[i] switch
            {
                "--trace" => options with { Trace = true },
                "--mutants" => options with { What = "mutants" },
                "--recorded" => options with { Listed = Recorded(Value(args, ++i)) },
                "--seed" => options with { What = "seed", From = Number(Value(args, ++i)) },
                "--upto" => options with { UpTo = (int)Number(Value(args, ++i)) },
                "--without" => options with { Without = [.. Value(args, ++i).Split(',').Select(Named<Fault>)] },
                "--mutant" => options.Breaking(Value(args, ++i)),
                "--seeds" => options.Between(Value(args, ++i)),
                "--hashes" => options.Between(Value(args, ++i)) with { What = "hashes" },
                var other => throw new FormatException($"Expected an option, found '{other}'."),
            };
        }

        return options;
    }

    public Run Run(ulong seed) => new(seed) { Mutant = Mutant, Domain = Domain, Without = Without };

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

    private Options Breaking(string name) => Enum.TryParse<DomainMutant>(name, ignoreCase: true, out var domain)
        ? this with { Domain = domain }
        : this with { Mutant = Named<Mutant>(name) };
}
