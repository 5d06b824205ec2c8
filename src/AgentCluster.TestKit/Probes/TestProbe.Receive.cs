namespace AgentCluster.TestKit.Probes;

/// <remarks>Taking what comes, whatever it is.</remarks>
public sealed partial class TestProbe
{
    /// <summary>Takes the next message.</summary>
    /// <param name="timeout">How long to wait for it; null: see <see cref="DefaultTimeout"/>.</param>
    /// <returns>Null when none came.</returns>
    public async Task<object?> ReceiveOneAsync(TimeSpan? timeout = null) =>
        await _mailbox.ArrivesAsync(Until(timeout)) ? Take() : null;

    /// <summary>Looks at the next message and leaves it where it is.</summary>
    /// <param name="timeout">How long to wait for it; null: see <see cref="DefaultTimeout"/>.</param>
    /// <returns>Null when none came.</returns>
    public async Task<object?> PeekOneAsync(TimeSpan? timeout = null) =>
        await _mailbox.ArrivesAsync(Until(timeout)) ? _mailbox.Peek().Message : null;

    /// <summary>Takes so many messages.</summary>
    /// <param name="count">1 or more.</param>
    /// <param name="timeout">How long to wait for all of them; null: see <see cref="DefaultTimeout"/>.</param>
    /// <exception cref="ExpectationFailedException">Fewer came.</exception>
    public async Task<IReadOnlyList<object>> ReceiveNAsync(int count, TimeSpan? timeout = null)
    {
        var (until, started) = (Until(timeout), _world.Clock.Elapsed);
        List<object> taken = [];
        while (taken.Count < count)
        {
            taken.Add(await _mailbox.ArrivesAsync(until)
                ? Take()
                : throw Failure($"Expected {count} messages within {until - started:c}, found {taken.Count}: {List(taken)}."));
        }

        return taken;
    }

    /// <summary>Takes messages as long as they are what is wanted; the one that is not stays.</summary>
    /// <typeparam name="T">Their type.</typeparam>
    /// <param name="wanted">Whether to go on; null takes every <typeparamref name="T"/>.</param>
    /// <param name="max">How long in all; null: see <see cref="DefaultTimeout"/>.</param>
    /// <param name="idle">How long to wait for one; null: until <paramref name="max"/>.</param>
    /// <returns>None or more.</returns>
    public async Task<IReadOnlyList<T>> ReceiveWhileAsync<T>(Predicate<T>? wanted = null, TimeSpan? max = null, TimeSpan? idle = null)
    {
        var until = Until(max);
        List<T> taken = [];
        while (await _mailbox.ArrivesAsync(idle is { } wait ? Earlier(until, _world.Clock.Elapsed + wait) : until)
            && _mailbox.Peek().Message is T message && wanted?.Invoke(message) != false)
        {
            Take();
            taken.Add(message);
        }

        return taken;
    }

    /// <summary>Takes messages until one is the one; those before it are dropped.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="isTheOne">Which.</param>
    /// <param name="timeout">How long in all; null: see <see cref="DefaultTimeout"/>.</param>
    /// <exception cref="ExpectationFailedException">It did not come.</exception>
    public async Task<T> FishForMessageAsync<T>(Predicate<T> isTheOne, TimeSpan? timeout = null)
    {
        var (until, started) = (Until(timeout), _world.Clock.Elapsed);
        List<object> dropped = [];
        while (await _mailbox.ArrivesAsync(until))
        {
            var message = Take();
            if (message is T fish && isTheOne(fish))
            {
                return fish;
            }

            dropped.Add(message);
        }

        throw Failure($"Fished {until - started:c} for {typeof(T).Name} and found {List(dropped)}.");
    }

    /// <summary>Takes messages until one has the type; those before it are dropped.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="timeout">How long in all; null: see <see cref="DefaultTimeout"/>.</param>
    /// <exception cref="ExpectationFailedException">None came.</exception>
    public Task<T> FishUntilMessageAsync<T>(TimeSpan? timeout = null) => FishForMessageAsync<T>(_ => true, timeout);

    private object Take()
    {
        var received = _mailbox.Take();
        (LastMessage, LastSender) = (received.Message, received.From);
        return received.Message;
    }

    private ExpectationFailedException Failure(string expectedAndFound, Exception? cause = null) =>
        new(_world, expectedAndFound, "mailbox", _mailbox.Waiting.Select(received => received.ToString()), cause);

    private static string List(List<object> messages) => messages.Count == 0 ? "nothing" : string.Join(", ", messages);
}
