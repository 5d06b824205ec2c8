using AgentCluster.Domain.Reservations;
using static AgentCluster.Domain.ConflictDetector.DetectorEvent;

namespace AgentCluster.Domain.ConflictDetector.Strategies;

/// <summary>The more urgent first: what is held with a lower priority than the want's yields to it, and waits in its place.</summary>
internal static class Boosting
{
    public static Step Try(Scene scene)
    {
        if (scene.Want is not { } want)
        {
            return new Step.Fail("Nobody waits whose priority could be raised.");
        }

        var ahead = scene.Book.InTheWayOf(want);
        if (ahead.FirstOrDefault(other => other.Priority <= want.Priority) is { } equal)
        {
            return new Step.Fail($"'{want.Agent}' wants it with {want.Priority}, and '{equal.Agent}' has {equal.Priority}: no less.");
        }

        var holders = ahead.Where(other => other.Standing == Standing.Held).ToList();
        return holders.Count == 0
            ? new Step.Fail("Nobody holds it.")
            : new Step.Do(
                [.. holders.Select(holder => new ReservationYielded(holder.Id, want.Id, scene.Now))],
                $"'{want.Agent}' wants it with {want.Priority}; {string.Join(", ", holders.Select(other => $"'{other.Agent}' with {other.Priority}"))} yields and is next.",
                StepData.Of(json => StepData.Texts(json, "access_order", [want.Agent.Value, .. holders.Select(other => other.Agent.Value)])));
    }
}
