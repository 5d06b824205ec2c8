using System.Collections.Concurrent;

namespace AgentCluster.SystemTests.Histories;

/// <summary>Records operations of many clients in one order: what ended before something else began stands before it.</summary>
internal sealed class History
{
    private readonly ConcurrentQueue<Operation> _operations = new();
    private long _clock;

    public IReadOnlyCollection<Operation> Operations => _operations;

    public long Now() => Interlocked.Increment(ref _clock);

    public void Add(Operation operation) => _operations.Enqueue(operation);
}
