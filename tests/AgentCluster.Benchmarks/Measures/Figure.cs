namespace AgentCluster.Benchmarks.Measures;

/// <summary>One line of the table: what was measured, beside what it is held against in the same run.</summary>
/// <param name="Measure">Its name.</param>
/// <param name="Value">In <paramref name="Unit"/>, a value a round.</param>
/// <param name="Unit">For example <c>pairs/s</c>.</param>
/// <param name="Baseline">What the ratio divides by, in words.</param>
/// <param name="Ratio">Value over baseline, a ratio a round: the machine's mood is in both.</param>
/// <param name="Target">The least ratio that is good enough; null where the figure only informs.</param>
/// <param name="Void">Why it proves nothing; null when it does.</param>
internal sealed record Figure(
    string Measure, Spread Value, string Unit, string Baseline, Spread Ratio, double? Target, string? Void = null)
{
    public bool IsOk => Void is null && (Target is null || Ratio.Median >= Target);
}

/// <summary>The values of several rounds.</summary>
internal sealed record Spread(double Min, double Median, double Max)
{
    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new(sorted[0], sorted[sorted.Length / 2], sorted[^1]);
    }

    public static Spread OfRatios(IEnumerable<double> values, IEnumerable<double> baselines) =>
        Of(values.Zip(baselines, (value, baseline) => value / baseline));
}
