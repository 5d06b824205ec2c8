using AgentCluster.Actors;

namespace AgentCluster.TestKit.Probes;

/// <remarks>Saying what must come next. Another message than the one expected fails at once.</remarks>
public sealed partial class TestProbe
{
    /// <summary>The next message has this type.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="timeout">How long to wait for it; null: see <see cref="DefaultTimeout"/>.</param>
    /// <exception cref="ExpectationFailedException">It has not, or none came.</exception>
    public Task<T> ExpectMsgAsync<T>(TimeSpan? timeout = null) =>
        ExpectAsync<T>($"{typeof(T).Name}", _ => true, timeout);

    /// <summary>The next message has this type and matches.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="matches">What must hold of it.</param>
    /// <param name="timeout">How long to wait for it; null: see <see cref="DefaultTimeout"/>.</param>
    /// <exception cref="ExpectationFailedException">It does not, or none came.</exception>
    public Task<T> ExpectMsgAsync<T>(Predicate<T> matches, TimeSpan? timeout = null) =>
        ExpectAsync($"{typeof(T).Name} that matches", matches, timeout);

    /// <summary>The next message equals this one.</summary>
    /// <param name="expected">The message.</param>
    /// <param name="timeout">How long to wait for it; null: see <see cref="DefaultTimeout"/>.</param>
    /// <exception cref="ExpectationFailedException">It does not, or none came.</exception>
    public Task ExpectMsgAsync(object expected, TimeSpan? timeout = null) =>
        ExpectAsync<object>($"{expected}", expected.Equals, timeout);

    /// <summary>The next message has this type and comes from this actor.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="sender">The actor.</param>
    /// <param name="timeout">How long to wait for it; null: see <see cref="DefaultTimeout"/>.</param>
    /// <exception cref="ExpectationFailedException">It does not, or none came.</exception>
    public Task<T> ExpectMsgFromAsync<T>(ActorId sender, TimeSpan? timeout = null) =>
        ExpectAsync<T>($"{typeof(T).Name} from {sender}", _ => LastSender == sender, timeout);

    /// <summary>The next message equals one of these.</summary>
    /// <param name="expected">The messages.</param>
    /// <returns>The one that came.</returns>
    /// <exception cref="ExpectationFailedException">It equals none, or none came.</exception>
    public Task<object> ExpectMsgAnyOfAsync(params IReadOnlyList<object> expected) =>
        ExpectAsync<object>($"any of {string.Join(", ", expected)}", expected.Contains, null);

    /// <summary>The next messages are these, in any order.</summary>
    /// <param name="expected">The messages; the same one twice is expected twice.</param>
    /// <exception cref="ExpectationFailedException">One that came is not among them, or fewer came.</exception>
    public async Task ExpectMsgAllOfAsync(params IReadOnlyList<object> expected)
    {
        var until = Until(null);
        List<object> missing = [.. expected];
        while (missing.Count > 0)
        {
            await ExpectAsync<object>($"all of {string.Join(", ", missing)}", missing.Remove, until - _world.Clock.Elapsed);
        }
    }

    /// <summary>No message comes for a while.</summary>
    /// <param name="duration">How long; null: see <see cref="DefaultTimeout"/>.</param>
    /// <exception cref="ExpectationFailedException">One came, or was there. It is not taken.</exception>
    public async Task ExpectNoMsgAsync(TimeSpan? duration = null)
    {
        var (until, started) = (Until(duration), _world.Clock.Elapsed);
        if (await _mailbox.ArrivesAsync(until))
        {
            throw Failure(
                $"Expected no message for {until - started:c}, found {_mailbox.Peek().Message} after {_world.Clock.Elapsed - started:c}.");
        }
    }

    private async Task<T> ExpectAsync<T>(string expected, Predicate<T> matches, TimeSpan? timeout)
    {
        var (until, started) = (Until(timeout), _world.Clock.Elapsed);
        if (!await _mailbox.ArrivesAsync(until))
        {
            throw Failure($"Expected {expected} within {until - started:c}, found nothing.");
        }

        var message = Take();
        return message is T found && matches(found)
            ? found
            : throw Failure($"Expected {expected}, found {message}{(LastSender is { } sender ? $" from {sender}" : "")}.");
    }
}
