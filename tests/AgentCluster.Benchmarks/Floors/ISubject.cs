namespace AgentCluster.Benchmarks.Floors;

/// <summary>Something that takes a ready task and finishes it, durably both times.</summary>
internal interface ISubject : IAsyncDisposable
{
    /// <summary>One claim and its completion.</summary>
    /// <param name="caller">From 0.</param>
    Task PairAsync(int caller);
}
