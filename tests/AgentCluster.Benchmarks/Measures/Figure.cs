namespace AgentCluster.Benchmarks.Measures;

/// <summary>One line of the table: what was measured, beside what it is held against in the same run.</summary>
/// <param name="Measure">What it is, in words.</param>
/// <param name="Value">In <paramref name="Unit"/>, a value a round.</param>
/// <param name="Unit">For example <c>pairs/s</c>.</param>
/// <param name="Baseline">What the ratio divides by, in words.</param>
/// <param name="Ratio">Value over baseline, a ratio a round: the machine's mood is in both.</param>
/// <param name="Target">Which ratio is good enough; null where the figure only informs.</param>
/// <param name="Void">Why it proves nothing; null when it does.</param>
internal sealed record Figure(
    string Measure, Spread Value, string Unit, string Baseline, Spread Ratio, Target? Target, string? Void = null)
{
    public bool IsOk => Void is null && Target?.IsMetBy(Ratio.Median) != false;

    /// <summary>A figure beside another one of the same rounds.</summary>
    public static Figure Beside(string measure, IReadOnlyList<double> values, string unit, string baseline, IReadOnlyList<double> baselines, Target? target, string? voided = null)
    {
        var middle = Spread.Of(baselines).Median;
        return new(
            measure,
            Spread.Of(values),
            unit,
            FormattableString.Invariant($"{baseline}, {(middle < 100 ? Math.Round(middle, 2) : Math.Round(middle))} {unit}"),
            Spread.Of(values.Zip(baselines, (value, other) => value / other)),
            target,
            voided);
    }

    /// <summary>A figure beside the number that the table asks for.</summary>
    public static Figure BesideNumber(string measure, IReadOnlyList<double> values, string unit, double asked, bool atMost) => new(
        measure,
        Spread.Of(values),
        unit,
        FormattableString.Invariant($"asked for: {(atMost ? "at most" : "at least")} {asked:#,##0.##} {unit}"),
        Spread.Of(values.Select(value => value / asked)),
        atMost ? Measures.Target.AtMost(1) : Measures.Target.AtLeast(1));

    /// <summary>A figure that could not be measured.</summary>
    public static Figure NotRun(string measure, string why) => new(measure, Spread.None, "", "", Spread.None, null, why);
}

/// <summary>Which ratio is good enough.</summary>
/// <param name="Limit">The last one that is.</param>
/// <param name="IsMost">Whether less is better.</param>
internal sealed record Target(double Limit, bool IsMost)
{
    public static Target AtLeast(double limit) => new(limit, IsMost: false);

    public static Target AtMost(double limit) => new(limit, IsMost: true);

    public bool IsMetBy(double ratio) => IsMost ? ratio <= Limit : ratio >= Limit;

    public override string ToString() => FormattableString.Invariant($"{(IsMost ? "≤" : "≥")} {Limit}");
}

/// <summary>The values of several rounds.</summary>
internal sealed record Spread(double Min, double Median, double Max)
{
    public static Spread None { get; } = new(0, 0, 0);

    public static Spread Of(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return new(sorted[0], sorted[sorted.Length / 2], sorted[^1]);
    }
}
