using System.Globalization;

namespace AgentCluster.Node.Hocon;

/// <summary>Settled values as the types that are wanted. Each gives null for a value that is none of that type.</summary>
internal static class Conversions
{
    /// <summary><c>true yes on</c> or <c>false no off</c>.</summary>
    public static bool? Boolean(HoconValue value) => (value as HoconScalar)?.Text switch
    {
        "true" or "yes" or "on" => true,
        "false" or "no" or "off" => false,
        _ => null,
    };

    /// <summary>A whole number; a fraction of zero is none.</summary>
    public static long? Whole(HoconValue value) =>
        Number((value as HoconScalar)?.Text) is { } number && decimal.IsInteger(number) && number is >= long.MinValue and <= long.MaxValue
            ? (long)number
            : null;

    /// <summary>A length of time: a number and a unit from <c>ns</c> to <c>d</c>; without one, milliseconds. Parts of 100 ns are cut off.</summary>
    public static TimeSpan? Duration(HoconValue value) =>
        Measure(value) is var (number, unit) && TicksOf(unit) is { } ticks && Fits(number, ticks) ? new TimeSpan((long)(number * ticks)) : null;

    /// <summary>A number of bytes: a number and a unit such as <c>kB</c> (1,000) or <c>K</c> (1,024); without one, bytes.</summary>
    public static long? Size(HoconValue value) =>
        Measure(value) is var (number, unit) && BytesOf(unit) is { } bytes && Fits(number, bytes) ? (long)(number * bytes) : null;

    /// <summary>An array's items, or an object's values in the order of their keys where those are numbers.</summary>
    public static IReadOnlyList<HoconValue>? Items(HoconValue value)
    {
        if (value is HoconArray array)
        {
            return array.Items;
        }

        if (value is not HoconObject fields)
        {
            return null;
        }

        var numbered = new SortedList<int, HoconValue>();
        foreach (var (name, field) in fields.Fields)
        {
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                numbered[number] = field.Layers[0];
            }
        }

        return numbered.Count > 0 ? [.. numbered.Values] : null;
    }

    private static (decimal Number, string Unit)? Measure(HoconValue value)
    {
        var text = (value as HoconScalar)?.Text.Trim() ?? string.Empty;
        var unit = text.AsSpan().TrimEnd("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ").Length;
        return Number(text[..unit].TrimEnd()) is { } number ? (number, text[unit..]) : null;
    }

    private static decimal? Number(string? text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    private static bool Fits(decimal number, decimal factor) => Math.Abs(number) <= long.MaxValue / factor;

    private static decimal? TicksOf(string unit) => unit switch
    {
        "ns" or "nano" or "nanos" or "nanosecond" or "nanoseconds" => 0.01m,
        "us" or "micro" or "micros" or "microsecond" or "microseconds" => TimeSpan.TicksPerMicrosecond,
        "" or "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => TimeSpan.TicksPerMillisecond,
        "s" or "second" or "seconds" => TimeSpan.TicksPerSecond,
        "m" or "minute" or "minutes" => TimeSpan.TicksPerMinute,
        "h" or "hour" or "hours" => TimeSpan.TicksPerHour,
        "d" or "day" or "days" => TimeSpan.TicksPerDay,
        _ => null,
    };

    private static decimal? BytesOf(string unit) => unit switch
    {
        "" or "B" or "b" or "byte" or "bytes" => 1,
        "kB" or "kilobyte" or "kilobytes" => 1_000,
        "MB" or "megabyte" or "megabytes" => 1_000_000,
        "GB" or "gigabyte" or "gigabytes" => 1_000_000_000,
        "TB" or "terabyte" or "terabytes" => 1_000_000_000_000,
        "K" or "k" or "Ki" or "KiB" or "kibibyte" or "kibibytes" => 1L << 10,
        "M" or "m" or "Mi" or "MiB" or "mebibyte" or "mebibytes" => 1L << 20,
        "G" or "g" or "Gi" or "GiB" or "gibibyte" or "gibibytes" => 1L << 30,
        "T" or "t" or "Ti" or "TiB" or "tebibyte" or "tebibytes" => 1L << 40,
        _ => null,
    };
}
