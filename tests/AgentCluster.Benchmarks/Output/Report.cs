using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentCluster.Benchmarks.Measures;

namespace AgentCluster.Benchmarks.Output;

/// <summary>Prints figures: a table for people, or a line of JSON each.</summary>
internal static class Report
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Json(Figure figure) => JsonSerializer.Serialize(new Dictionary<string, object?>
    {
        ["measure"] = figure.Measure,
        ["value"] = Round(figure.Value.Median),
        ["unit"] = figure.Unit,
        ["baseline"] = figure.Baseline,
        ["ratio"] = Round(figure.Ratio.Median),
        ["target"] = figure.Target,
        ["ok"] = figure.IsOk,
        ["value_min"] = Round(figure.Value.Min),
        ["value_max"] = Round(figure.Value.Max),
        ["ratio_min"] = Round(figure.Ratio.Min),
        ["ratio_max"] = Round(figure.Ratio.Max),
        ["void"] = figure.Void,
    }, Plain);

    public static string Text(Figure figure)
    {
        var verdict = figure switch
        {
            { Void: not null } => $"void: {figure.Void}",
            { Target: null } => "",
            { IsOk: true } => FormattableString.Invariant($"ok (target {figure.Target})"),
            _ => FormattableString.Invariant($"SHORT OF {figure.Target}"),
        };
        return FormattableString.Invariant(
            $"{figure.Measure,-52} {Number(figure.Value.Median),10} {figure.Unit,-8} {Number(figure.Value.Min)}..{Number(figure.Value.Max)}\n") +
            FormattableString.Invariant(
            $"{"  / " + figure.Baseline,-52} {figure.Ratio.Median,10:0.00} {"",-8} {figure.Ratio.Min:0.00}..{figure.Ratio.Max:0.00}  {verdict}");
    }

    private static string Number(double value) => value.ToString(value < 100 ? "0.##" : "#,##0", CultureInfo.InvariantCulture);

    private static double Round(double value) => Math.Round(value, 3);
}
