using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentCluster.Benchmarks.Measures;

namespace AgentCluster.Benchmarks.Output;

/// <summary>Prints figures: a table for people, or a line of JSON each.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Plain = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    public static string Json(Figure figure) => JsonSerializer.Serialize(new Line(
        figure.Measure,
        Round(figure.Value.Median),
        figure.Unit,
        figure.Baseline,
        Round(figure.Ratio.Median),
        figure.Target?.Limit,
        figure.IsOk,
        figure.Target?.IsMost,
        Round(figure.Value.Min),
        Round(figure.Value.Max),
        Round(figure.Ratio.Min),
        Round(figure.Ratio.Max),
        figure.Void), Plain);

    /// <summary>Reads what <see cref="Json"/> wrote in another process.</summary>
    public static Figure Read(string json)
    {
        var line = JsonSerializer.Deserialize<Line>(json, Plain)!;
        return new(
            line.Measure,
            new(line.ValueMin, line.Value, line.ValueMax),
            line.Unit,
            line.Baseline,
            new(line.RatioMin, line.Ratio, line.RatioMax),
            line.Target is { } limit ? new(limit, line.AtMost == true) : null,
            line.Void);
    }

    public static string Text(Figure figure)
    {
        if (figure.Void is { } why && figure.Unit.Length == 0)
        {
            return $"{figure.Measure}\n    void: {why}";
        }

        var verdict = figure switch
        {
            { Void: not null } => $"void: {figure.Void}",
            { Target: null } => "",
            { IsOk: true } => $"ok ({figure.Target})",
            _ => $"SHORT OF {figure.Target}",
        };
        return FormattableString.Invariant(
            $"{figure.Measure,-64} {Number(figure.Value.Median),10} {figure.Unit,-8} {Number(figure.Value.Min)}..{Number(figure.Value.Max)}\n") +
            FormattableString.Invariant(
            $"{"  / " + figure.Baseline,-64} {figure.Ratio.Median,10:0.00} {"",-8} {figure.Ratio.Min:0.00}..{figure.Ratio.Max:0.00}  {verdict}");
    }

    private static string Number(double value) => value.ToString(value < 100 ? "0.##" : "#,##0", CultureInfo.InvariantCulture);

    private static double Round(double value) => Math.Round(value, 3);

    private sealed record Line(
        string Measure,
        double Value,
        string Unit,
        string Baseline,
        double Ratio,
        double? Target,
        bool Ok,
        bool? AtMost,
        double ValueMin,
        double ValueMax,
        double RatioMin,
        double RatioMax,
        string? Void);
}
