namespace AgentCluster.SystemTests.Histories;

/// <summary>Fails a test with what the checker found, in full: the first few say what happened, the rest follow from them.</summary>
internal static class Violations
{
    private const int Shown = 10;

    public static void AssertNone(IReadOnlyList<string> violations) =>
        Assert.True(violations.Count == 0, $"{violations.Count} violations:\n{string.Join('\n', violations.Take(Shown))}");
}
