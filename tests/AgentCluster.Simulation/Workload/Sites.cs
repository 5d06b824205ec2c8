using System.Collections.Immutable;

namespace AgentCluster.Simulation.Workload;

/// <summary>
/// The patterns that reservations are made of, and the files that each of them means, told by hand: what overlaps is not asked of the product.
/// What has no wildcard may be a folder.
/// </summary>
internal static class Sites
{
    private static readonly ImmutableArray<(string Pattern, string[] Files)> All =
    [
        ("src/a.cs", ["src/a.cs", "src/a.cs/c.md"]),
        ("src/b.cs", ["src/b.cs", "src/b.cs/c.md"]),
        ("src/*.cs", ["src/a.cs", "src/b.cs"]),
        ("src/**", ["src/a.cs", "src/a.cs/c.md", "src/b.cs", "src/b.cs/c.md", "src/in/c.md"]),
        ("src/in", ["src/in/c.md"]),
        ("**/c.md", ["src/a.cs/c.md", "src/b.cs/c.md", "src/in/c.md", "docs/c.md", "docs/d.md/c.md"]),
        ("docs/?.md", ["docs/c.md", "docs/d.md"]),
        ("docs/d.md", ["docs/d.md", "docs/d.md/c.md"]),
    ];

    public static IReadOnlyList<string> Patterns { get; } = [.. All.Select(site => site.Pattern)];

    /// <summary>Whether two lists of patterns have a file in common.</summary>
    public static bool Meet(IEnumerable<string> some, IEnumerable<string> others) => some.SelectMany(Files).Intersect(others.SelectMany(Files)).Any();

    private static string[] Files(string pattern) => All.Single(site => site.Pattern == pattern).Files;
}
