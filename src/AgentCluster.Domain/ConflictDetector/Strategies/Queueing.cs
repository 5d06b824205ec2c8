using AgentCluster.Domain.Reservations;
using AgentCluster.Domain.Worktrees;
using static AgentCluster.Domain.ConflictDetector.DetectorEvent;

namespace AgentCluster.Domain.ConflictDetector.Strategies;

/// <summary>One after the other: a want gets its turn, one worktree is merged before the other.</summary>
internal static class Queueing
{
    /// <summary>How many may be in the way of one that is queued.</summary>
    public const int MostAhead = 50;

    public static Step Try(Scene scene) => scene switch
    {
        { Found.Want: not null, Want: { } want } => Queue(scene, want),
        { Found.Worktrees: [var a, var b] } when scene.Book.Worktrees.TryGetValue(a, out var one) && scene.Book.Worktrees.TryGetValue(b, out var two) =>
            Order(scene, one, two),
        { Found.Worktrees: [var name], Holder: { } holder } when scene.Book.Worktrees.TryGetValue(name, out var intruder) => Order(scene, holder, intruder),
        _ => new Step.Fail("There is nothing that could wait."),
    };

    /// <summary>In whose way a want is in the end: whoever waits for each other in a circle never gets on.</summary>
    public static bool IsCircle(Book book, Reservation want)
    {
        SortedSet<string> seen = new(StringComparer.Ordinal);
        Queue<AgentId> open = new(book.InTheWayOf(want).Select(other => other.Agent));
        while (open.TryDequeue(out var agent))
        {
            if (agent == want.Agent)
            {
                return true;
            }

            if (seen.Add(agent.Value))
            {
                foreach (var waiting in book.Waiting(agent).Where(other => other.Id != want.Id))
                {
                    foreach (var other in book.InTheWayOf(waiting))
                    {
                        open.Enqueue(other.Agent);
                    }
                }
            }
        }

        return false;
    }

    /// <summary>How long it may take until what is in the way is done: as long as it took on average so far.</summary>
    public static long Delay(Book book, IReadOnlyList<Reservation> ahead) => book.Average is { } average
        ? (long)Math.Ceiling(average.TotalSeconds * ahead.Count)
        : ahead.Sum(other => (long)other.TtlSeconds);

    private static Step Queue(Scene scene, Reservation want)
    {
        var ahead = scene.Book.InTheWayOf(want);
        if (ahead.Count > MostAhead)
        {
            return new Step.Fail($"{ahead.Count} are before it, more than {MostAhead}.");
        }

        if (IsCircle(scene.Book, want))
        {
            return new Step.Fail($"'{want.Agent}' holds what those before it wait for: they would wait for each other for ever.");
        }

        var delay = Delay(scene.Book, ahead);
        List<string> order = [.. ahead.Select(other => other.Agent.Value).Append(want.Agent.Value)];
        return new Step.Do(
            [new ReservationQueued(want.Id, scene.Now)],
            $"'{want.Agent}' is next after {string.Join(", ", ahead.Select(other => $"'{other.Agent}'").Distinct())}, in about {delay} s, and is told then.",
            Data(order, delay));
    }

    private static Step Order(Scene scene, Worktree one, Worktree two)
    {
        var (first, second) = ((int)(one.Priority ?? Tasks.Priority.P2), one.Place).CompareTo(((int)(two.Priority ?? Tasks.Priority.P2), two.Place)) <= 0 ? (one, two) : (two, one);
        return InOrder(scene, first, second);
    }

    private static Step Order(Scene scene, Reservation holder, Worktree intruder) =>
        scene.Book.Worktrees.Values.FirstOrDefault(worktree => worktree.Agent == holder.Agent) is { } own
            ? InOrder(scene, own, intruder)
            : new Step.Fail($"'{intruder.Agent}' has not asked for it and works on it already, and '{holder.Agent}' has no worktree that could be merged first.");

    private static Step InOrder(Scene scene, Worktree first, Worktree second) => IsBefore(scene.Book, second.Name, first.Name)
        ? new Step.Fail($"'{second.Name}' is to be merged before '{first.Name}' already.")
        : new Step.Do(
            [new MergeOrdered(first.Name, second.Name, scene.Now)],
            $"'{first.Name}' of '{first.Agent}' is merged first; then '{second.Agent}' takes it over into '{second.Name}', and is told when.",
            Data([first.Agent.Value, second.Agent.Value], scene.Book.Average is { } average ? (long)Math.Ceiling(average.TotalSeconds) : null));

    /// <summary>Whether one worktree is before another, directly or through others.</summary>
    private static bool IsBefore(Book book, string first, string second)
    {
        SortedSet<string> reached = new(StringComparer.Ordinal) { first };
        Queue<string> open = new([first]);
        while (open.TryDequeue(out var from))
        {
            foreach (var (pair, ahead) in book.Orders)
            {
                if (ahead == from && pair.Split('\n').First(name => name != from) is var next && reached.Add(next))
                {
                    open.Enqueue(next);
                }
            }
        }

        return reached.Contains(second);
    }

    private static RawJson Data(IEnumerable<string> order, long? delay) => StepData.Of(json =>
    {
        StepData.Texts(json, "access_order", order);
        if (delay is { } seconds)
        {
            json.WriteNumber("estimated_delay", seconds);
        }
        else
        {
            json.WriteNull("estimated_delay");
        }
    });
}
