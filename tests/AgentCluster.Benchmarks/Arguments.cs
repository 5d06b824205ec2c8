using AgentCluster.Benchmarks.Measures;

namespace AgentCluster.Benchmarks;

/// <summary>What was asked for.</summary>
/// <param name="Chosen">In the order of the table.</param>
/// <param name="IsWhole">Whether that is all of it.</param>
/// <param name="AsJson">For programs.</param>
internal sealed record Arguments(IReadOnlyList<IMeasure> Chosen, bool IsWhole, bool AsJson)
{
    public static Arguments? Read(string[] args, out string wrong)
    {
        (wrong, var asJson, string? only) = ("", false, null);
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--json":
                    asJson = true;
                    break;
                case "--only" when i + 1 < args.Length:
                    only = args[++i];
                    break;
                default:
                    wrong = $"Expected [--only NAME] [--json], found '{args[i]}'.";
                    return null;
            }
        }

        IReadOnlyList<IMeasure> chosen = [.. Table.All.Where(measure => only is null || measure.Name == only)];
        if (chosen.Count == 0)
        {
            wrong = $"Expected one of {string.Join(", ", Table.All.Select(measure => measure.Name))}, found '{only}'.";
            return null;
        }

        return new(chosen, only is null, asJson);
    }
}
