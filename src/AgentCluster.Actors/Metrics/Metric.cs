namespace AgentCluster.Actors.Metrics;

/// <summary>One thing that is measured, for operators: what it is called, what it means, and its values now.</summary>
/// <param name="Name">Lower case, words between dots, as in <c>agentcluster.turns</c>. Whoever shows it adds the unit and the kind where they belong.</param>
/// <param name="Help">What is measured, in one line.</param>
/// <param name="Labels">What its values are told apart by. Each has few values, and none that a caller chose.</param>
public abstract record Metric(string Name, string Help, IReadOnlyList<string> Labels)
{
    /// <summary><c>s</c> or <c>By</c>; null for what is only counted.</summary>
    public string? Unit { get; init; }

    /// <summary>A number without labels that only grows while the process lives.</summary>
    /// <param name="name">See <see cref="Name"/>.</param>
    /// <param name="help">See <see cref="Help"/>.</param>
    /// <param name="read">Its value now; from any thread.</param>
    public static NumberMetric Counter(string name, string help, Func<double> read) => new(name, help, [], IsCounter: true, () => [new([], read())]);

    /// <summary>Numbers told apart by labels that only grow while the process lives.</summary>
    /// <param name="name">See <see cref="Name"/>.</param>
    /// <param name="help">See <see cref="Help"/>.</param>
    /// <param name="labels">See <see cref="Labels"/>.</param>
    /// <param name="read">Their values now; from any thread.</param>
    public static NumberMetric Counter(string name, string help, IReadOnlyList<string> labels, Func<IEnumerable<Sample>> read) =>
        new(name, help, labels, IsCounter: true, read);

    /// <summary>A number without labels that goes up and down.</summary>
    /// <inheritdoc cref="Counter(string, string, Func{double})"/>
    public static NumberMetric Gauge(string name, string help, Func<double> read) => new(name, help, [], IsCounter: false, () => [new([], read())]);

    /// <summary>Numbers told apart by labels that go up and down.</summary>
    /// <inheritdoc cref="Counter(string, string, IReadOnlyList{string}, Func{IEnumerable{Sample}})"/>
    public static NumberMetric Gauge(string name, string help, IReadOnlyList<string> labels, Func<IEnumerable<Sample>> read) =>
        new(name, help, labels, IsCounter: false, read);

    /// <summary>A distribution without labels.</summary>
    /// <param name="name">See <see cref="Name"/>.</param>
    /// <param name="help">See <see cref="Help"/>.</param>
    /// <param name="parts">Shown as one; alike in bounds.</param>
    public static HistogramMetric Histogram(string name, string help, params IReadOnlyList<Histogram> parts) => new(name, help, [], [new([], parts)]);
}

/// <summary>A metric whose values are numbers.</summary>
/// <param name="Name">See <see cref="Metric"/>.</param>
/// <param name="Help">See <see cref="Metric"/>.</param>
/// <param name="Labels">See <see cref="Metric"/>.</param>
/// <param name="IsCounter">Whether the numbers only grow while the process lives.</param>
/// <param name="Read">Their values now; from any thread.</param>
public sealed record NumberMetric(string Name, string Help, IReadOnlyList<string> Labels, bool IsCounter, Func<IEnumerable<Sample>> Read)
    : Metric(Name, Help, Labels);

/// <summary>One number of a metric.</summary>
/// <param name="Labels">The value of each label, in order.</param>
/// <param name="Value">The number.</param>
public readonly record struct Sample(IReadOnlyList<string> Labels, double Value);

/// <summary>A metric whose values are distributions.</summary>
/// <param name="Name">See <see cref="Metric"/>.</param>
/// <param name="Help">See <see cref="Metric"/>.</param>
/// <param name="Labels">See <see cref="Metric"/>.</param>
/// <param name="Series">One for each combination of labels that there can be; those that were never recorded are not shown.</param>
public sealed record HistogramMetric(string Name, string Help, IReadOnlyList<string> Labels, IReadOnlyList<HistogramSeries> Series)
    : Metric(Name, Help, Labels);

/// <summary>One distribution of a metric.</summary>
/// <param name="Labels">The value of each label, in order.</param>
/// <param name="Parts">Shown as one; at least one, alike in bounds.</param>
public sealed record HistogramSeries(IReadOnlyList<string> Labels, IReadOnlyList<Histogram> Parts);
