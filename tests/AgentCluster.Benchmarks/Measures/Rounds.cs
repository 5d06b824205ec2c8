namespace AgentCluster.Benchmarks.Measures;

/// <summary>Contestants that take turns: one round of each after the other, so that a mood of the machine meets all of them.</summary>
/// <param name="say">Progress, for people.</param>
/// <param name="turn">How long one takes.</param>
internal sealed class Rounds(Action<string> say, TimeSpan turn)
{
    // The first round is for the compiler: what runs often is compiled anew, in the background, while it runs.
    // With half of this, batches were still getting faster from round to round.
    private const int FirstIsLonger = 8;

    private readonly List<(string Name, Func<TimeSpan, Task<Pace>> RunAsync, List<Pace> Paces)> _contestants = [];

    /// <summary>Adds a contestant.</summary>
    /// <param name="name">For people.</param>
    /// <param name="run">Takes one turn, as long as it is told.</param>
    /// <returns>Gets a pace a round.</returns>
    public IReadOnlyList<Pace> Add(string name, Func<TimeSpan, Task<Pace>> run)
    {
        List<Pace> paces = [];
        _contestants.Add((name, run, paces));
        return paces;
    }

    /// <summary>Runs them, after a longer round that does not count.</summary>
    /// <param name="count">How many rounds.</param>
    public async Task RunAsync(int count)
    {
        for (var round = 0; round <= count; round++)
        {
            List<string> seen = [];
            foreach (var (name, run, paces) in _contestants)
            {
                var pace = await run(round == 0 ? FirstIsLonger * turn : turn);
                seen.Add(FormattableString.Invariant($"{name} {pace.Rate:#,##0}/s ({pace.Cpu:0.#} µs, {pace.Bytes:#,##0} B)"));
                if (round > 0)
                {
                    paces.Add(pace);
                }
            }

            say($"round {round}: {string.Join(", ", seen)}");
        }
    }
}

internal static class PaceLists
{
    public static IReadOnlyList<double> Rates(this IEnumerable<Pace> paces) => [.. paces.Select(pace => pace.Rate)];

    public static IReadOnlyList<double> WholeP99(this IEnumerable<Pace> paces) => [.. paces.Select(pace => Pace.P99(pace.Whole))];

    public static IReadOnlyList<double> FirstP99(this IEnumerable<Pace> paces) => [.. paces.Select(pace => Pace.P99(pace.First))];
}
