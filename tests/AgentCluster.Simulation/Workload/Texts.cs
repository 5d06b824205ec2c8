using AgentCluster.Simulation.Runs;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Simulation.Workload;

/// <summary>What people and agents write.</summary>
internal static class Texts
{
    private static readonly string[] Hostile =
    [
        "", " ", "'; DROP TABLE lease; --", "\"}],\"v\":99", "{{7*7}} ${jndi:x} <script>alert(1)</script>", "%_\\%", "a\r\nb\tc", "NULL",
        "\u202Eesrever \u200B\uFEFF", "日本語 👩‍👩‍👧 𐀀", "e\u0301 é ß İ ı", "\u001B[2J\u0007", new('é', 2_000),
    ];

    // The edge refuses these; behind it they must do no harm.
    private static readonly string[] Impossible = ["a\0b", "a\uD800b", "\uDC00"];

    /// <summary>A title, which is stored in a column.</summary>
    public static string Title(Plan plan, SeededRandom random, string plain) =>
        plan.Features.Contains(Feature.HostileText) && random.Once(2) ? plain + Hostile[random.Next(Hostile.Length)] : plain;

    /// <summary>A text that is stored in a payload.</summary>
    public static string Note(Plan plan, SeededRandom random, string plain) =>
        plan.Features.Contains(Feature.HostileText) && random.Once(8)
            ? plain + Impossible[random.Next(Impossible.Length)]
            : Title(plan, random, plain);
}
