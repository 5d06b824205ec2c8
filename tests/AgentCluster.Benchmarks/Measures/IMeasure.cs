namespace AgentCluster.Benchmarks.Measures;

/// <summary>One measure: it sets up what it needs, runs its rounds and takes everything away again.</summary>
internal interface IMeasure
{
    /// <summary>What <c>--only</c> names.</summary>
    string Name { get; }

    /// <summary>Measures.</summary>
    /// <param name="say">Progress, for people.</param>
    Task<IReadOnlyList<Figure>> RunAsync(Action<string> say);
}
