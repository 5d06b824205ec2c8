using AgentCluster.SystemTests;

// A good part of a test is waiting: for leases, for starts, for ends. What the load of another would spoil is in the collection Alone.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
[assembly: TestCollectionOrderer(typeof(LongestFirst))]
