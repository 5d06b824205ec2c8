namespace AgentCluster.SystemTests.Nodes;

/// <summary>Between two looks at what is waited for: whoever looks without one takes the processors from it, and from the test beside.</summary>
internal static class Pause
{
    private static readonly TimeSpan Time = TimeSpan.FromMilliseconds(20);

    public static Task ForAMomentAsync(CancellationToken cancellationToken) => Task.Delay(Time, cancellationToken);
}
