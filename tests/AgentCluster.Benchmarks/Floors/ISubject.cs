namespace AgentCluster.Benchmarks.Floors;

/// <summary>Something that callers ask for the same thing again and again, for example to take a ready task and to finish it.</summary>
internal interface ISubject : IAsyncDisposable
{
    /// <summary>Does it once.</summary>
    /// <param name="caller">From 0.</param>
    /// <returns>The timestamp at which the first half was answered, of a pair the claim; of a thing without halves, all of it.</returns>
    ValueTask<long> DoAsync(int caller);
}
