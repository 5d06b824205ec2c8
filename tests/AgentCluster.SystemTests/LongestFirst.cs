using AgentCluster.SystemTests.Clusters;
using AgentCluster.SystemTests.Crashes;
using AgentCluster.SystemTests.Disks;
using Xunit.Sdk;
using Xunit.v3;

namespace AgentCluster.SystemTests;

/// <summary>The classes that take longest begin first, so that none of them is still at work when there is nothing left to run beside it.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long =
    [
        .. ((Type[])[typeof(FailoverTests), typeof(KillPointTests), typeof(CrashTests)])
            .Select(type => type.FullName!),
    ];

    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection => [.. testCollections.OrderBy(PlaceOf)];

    private static int PlaceOf<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection
    {
        var place = Array.FindIndex(Long, type => collection.TestCollectionDisplayName.Contains(type, StringComparison.Ordinal));
        return place < 0 ? Long.Length : place;
    }
}
