using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentCluster.Tests.Bridge.Metrics;

/// <summary>
/// Reads Prometheus' text format 0.0.4, more strictly than a scraper would: each metric has one help and one type in front of
/// all its lines, no line comes twice, and the buckets of a histogram add up.
/// </summary>
internal sealed partial class Exposition
{
    private readonly Dictionary<string, double> _values = [];
    private readonly Dictionary<string, string> _types = [];
    private string _helped = string.Empty;

    private Exposition(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        foreach (var line in text[..^1].Split('\n'))
        {
            Take(line);
        }

        foreach (var (name, _) in _types.Where(type => type.Value == "histogram"))
        {
            CheckHistogram(name);
        }
    }

    /// <summary>Each line's value by its name with its labels, as they stand there.</summary>
    public IReadOnlyDictionary<string, double> Values => _values;

    /// <summary>Each metric's type.</summary>
    public IReadOnlyDictionary<string, string> Types => _types;

    public static Exposition Parse(string text) => new(text);

    /// <summary>A line's value; 0 when there is no such line.</summary>
    public double this[string series] => _values.GetValueOrDefault(series);

    private void Take(string line)
    {
        if (Help().Match(line) is { Success: true } help)
        {
            _helped = help.Groups["name"].Value;
            Assert.False(_types.ContainsKey(_helped), $"{_helped} is helped twice.");
        }
        else if (Type().Match(line) is { Success: true } type)
        {
            Assert.Equal(_helped, type.Groups["name"].Value);
            _types.Add(_helped, type.Groups["type"].Value);
        }
        else
        {
            var sample = Sample().Match(line);
            Assert.True(sample.Success, $"This is no line of the format: {line}");
            var name = sample.Groups["name"].Value;
            Assert.Equal(_helped, _types[_helped] == "histogram" ? Suffix().Replace(name, string.Empty) : name);
            Assert.True(_values.TryAdd(name + sample.Groups["labels"].Value, Number(sample.Groups["value"].Value)), $"This line comes twice: {line}");
        }
    }

    private void CheckHistogram(string name)
    {
        var buckets = _values.Where(value => value.Key.StartsWith(name + "_bucket{", StringComparison.Ordinal))
            .GroupBy(value => UpTo().Replace(value.Key, string.Empty));
        foreach (var series in buckets)
        {
            var inOrder = series.OrderBy(bucket => Number(UpTo().Match(bucket.Key).Groups["le"].Value)).Select(bucket => bucket.Value).ToList();
            Assert.Equal(inOrder.Order(), inOrder);
            var labels = series.Key[(name.Length + "_bucket".Length)..].Replace("{}", string.Empty, StringComparison.Ordinal);
            Assert.Equal(inOrder[^1], _values[$"{name}_count{labels}"]);
            Assert.True(_values[$"{name}_sum{labels}"] >= 0);
        }
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex("^# HELP (?<name>[a-z_]+) [^ ].*[^ ]$")]
    private static partial Regex Help();

    [GeneratedRegex("^# TYPE (?<name>[a-z_]+) (?<type>counter|gauge|histogram)$")]
    private static partial Regex Type();

    [GeneratedRegex("""^(?<name>[a-z_]+)(?<labels>\{([a-z_]+="([^"\\\n]|\\["\\n])*",?)+(?<!,)\})? (?<value>\+Inf|-?\d+(\.\d+)?(E[+-]\d+)?)$""")]
    private static partial Regex Sample();

    [GeneratedRegex("_(bucket|sum|count)$")]
    private static partial Regex Suffix();

    [GeneratedRegex("""[,]?le="(?<le>[^"]*)"$|,?le="(?<le>[^"]*)"(?=\})""")]
    private static partial Regex UpTo();
}
