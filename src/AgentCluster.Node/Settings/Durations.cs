namespace AgentCluster.Node.Settings;

/// <summary>How a length of time is written in a configuration file.</summary>
internal static class Durations
{
    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("d", TimeSpan.TicksPerDay),
        ("h", TimeSpan.TicksPerHour),
        ("m", TimeSpan.TicksPerMinute),
        ("s", TimeSpan.TicksPerSecond),
        ("ms", TimeSpan.TicksPerMillisecond),
        ("us", TimeSpan.TicksPerMicrosecond),
        ("ns", 1),
    ];

    /// <summary>In the largest unit of which it is a whole number.</summary>
    public static string Show(TimeSpan time)
    {
        var (unit, ticks) = Units.First(one => time.Ticks % one.Ticks == 0);
        return FormattableString.Invariant($"{time.Ticks / ticks * (unit == "ns" ? 100 : 1)} {unit}");
    }
}
