using System.Globalization;
using System.Text;
using AgentCluster.Actors.Metrics;

namespace AgentCluster.Bridge.Metrics;

/// <summary>Writes metrics in Prometheus' text format 0.0.4.</summary>
internal static class PrometheusText
{
    /// <summary>What a scraper is told that it gets.</summary>
    public const string MediaType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>Writes metrics, each with its help and type; one without values now is left out.</summary>
    /// <param name="metrics">Each name once.</param>
    public static string Write(IEnumerable<Metric> metrics)
    {
        var text = new StringBuilder();
        foreach (var metric in metrics)
        {
            switch (metric)
            {
                case NumberMetric numbers:
                    WriteNumbers(text, numbers);
                    break;
                case HistogramMetric histogram:
                    WriteHistogram(text, histogram);
                    break;
            }
        }

        return text.ToString();
    }

    /// <summary>A metric's name as Prometheus has it: with underscores, its unit, and <c>_total</c> when it only grows.</summary>
    /// <param name="metric">Any.</param>
    public static string NameOf(Metric metric)
    {
        var unit = metric.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => string.Empty,
        };
        return metric.Name.Replace('.', '_') + unit + (metric is NumberMetric { IsCounter: true } ? "_total" : string.Empty);
    }

    private static void WriteNumbers(StringBuilder text, NumberMetric metric)
    {
        var name = NameOf(metric);
        var isFirst = true;
        foreach (var sample in metric.Read())
        {
            if (isFirst)
            {
                WriteHead(text, name, metric.Help, metric.IsCounter ? "counter" : "gauge");
                isFirst = false;
            }

            WriteLine(text, name, metric.Labels, sample.Labels, null, sample.Value);
        }
    }

    private static void WriteHistogram(StringBuilder text, HistogramMetric metric)
    {
        var name = NameOf(metric);
        var isFirst = true;
        foreach (var series in metric.Series)
        {
            var bounds = series.Parts[0].Bounds;
            var counts = new long[bounds.Count + 1];
            var sum = series.Parts.Sum(part => part.AddTo(counts));
            if (counts.Sum() == 0)
            {
                continue;
            }

            if (isFirst)
            {
                WriteHead(text, name, metric.Help, "histogram");
                isFirst = false;
            }

            var upTo = 0L;
            for (var bucket = 0; bucket < counts.Length; bucket++)
            {
                upTo += counts[bucket];
                WriteLine(text, name + "_bucket", metric.Labels, series.Labels, bucket < bounds.Count ? Show(bounds[bucket]) : "+Inf", upTo);
            }

            WriteLine(text, name + "_sum", metric.Labels, series.Labels, null, sum);
            WriteLine(text, name + "_count", metric.Labels, series.Labels, null, upTo);
        }
    }

    private static void WriteHead(StringBuilder text, string name, string help, string type) =>
        text.Append("# HELP ").Append(name).Append(' ').Append(help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal))
            .Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');

    private static void WriteLine(
        StringBuilder text, string name, IReadOnlyList<string> labels, IReadOnlyList<string> values, string? under, double value)
    {
        text.Append(name);
        var before = '{';
        for (var label = 0; label < labels.Count; label++, before = ',')
        {
            WriteLabel(text.Append(before), labels[label], values[label]);
        }

        if (under is not null)
        {
            WriteLabel(text.Append(before), "le", under);
            before = ',';
        }

        text.Append(before == ',' ? "} " : " ").Append(Show(value)).Append('\n');
    }

    private static void WriteLabel(StringBuilder text, string name, string value) => text
        .Append(name)
        .Append("=\"")
        .Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal))
        .Append('"');

    // Seconds are ticks times a ten-millionth: fifteen digits leave out what only the multiplication added.
    private static string Show(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        _ => value.ToString("G15", CultureInfo.InvariantCulture),
    };
}
