using AgentCluster.TestKit.Simulation;

namespace AgentCluster.TestKit.Probes;

/// <summary>What a probe has received and nobody has taken yet, in the order in which it came.</summary>
internal sealed class ProbeMailbox(World world)
{
    private const int Capacity = 100_000;
    private readonly Queue<Received> _waiting = new();
    private TaskCompletionSource? _arrival;

    public IReadOnlyCollection<Received> Waiting => _waiting;

    public Predicate<object>? Ignored { get; set; }

    /// <exception cref="InvalidOperationException">The bound is reached: nobody takes anything.</exception>
    public void Put(Received received)
    {
        world.Guard();
        if (Ignored?.Invoke(received.Message) == true)
        {
            return;
        }

        if (_waiting.Count >= Capacity)
        {
            throw new InvalidOperationException($"{Capacity} messages wait in a probe: take them, or have it ignore them.");
        }

        _waiting.Enqueue(received);
        Wake(_arrival);
    }

    public Received Take() => _waiting.Dequeue();

    public Received Peek() => _waiting.Peek();

    /// <summary>Waits for a message to be there.</summary>
    /// <param name="until">Simulated time.</param>
    /// <returns>Whether there is one.</returns>
    public async Task<bool> ArrivesAsync(TimeSpan until)
    {
        while (_waiting.Count == 0)
        {
            var left = until - world.Clock.Elapsed;
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            var arrival = _arrival ??= new();
            using var end = world.Clock.CreateTimer(_ => Wake(arrival), null, left, Timeout.InfiniteTimeSpan);
            await arrival.Task;
        }

        return true;
    }

    private void Wake(TaskCompletionSource? arrival)
    {
        if (arrival == _arrival)
        {
            // Whoever waits on looks again, and must find another source than this one, which is used up.
            _arrival = null;
        }

        arrival?.TrySetResult();
    }
}
