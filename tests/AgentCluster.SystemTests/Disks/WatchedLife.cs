using AgentCluster.SystemTests.Load;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Disks;

/// <summary>The data of a node that has lived once, and what a second life does to its disk when nothing goes wrong.</summary>
public sealed class WatchedLife : IAsyncLifetime
{
    private readonly DataFolder _data = new();

    /// <summary>Who worked in the first life.</summary>
    internal Crew First { get; } = new(3, "first", seed: 1);

    /// <summary>Every call of the second one.</summary>
    internal IReadOnlyList<Step> Steps { get; private set; } = [];

    /// <summary>Who works in a second life: the same each time, as far as the node answers alike.</summary>
    internal static Crew Second() => new(3, "second", seed: 2);

    /// <summary>The data as the first life left it.</summary>
    internal DataFolder Copy() => _data.Copy();

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        Assert.Equal(0, await Life.OfAsync(_data, First, Fault.None, cancellation));
        using var watched = Copy();
        Assert.Equal(0, await Life.OfAsync(watched, Second(), Fault.None, cancellation));
        Steps = Step.Read(watched.Path);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _data.Dispose();
        return ValueTask.CompletedTask;
    }
}
