using AgentCluster.Domain.Reservations;
using static AgentCluster.Domain.ConflictDetector.DetectorEvent;

namespace AgentCluster.Domain.ConflictDetector.Strategies;

/// <summary>Who goes first where what is urgent waits for what is not: by deadlines, by worth, by what depends on what.</summary>
internal static class Weighing
{
    /// <summary>Who can wait for the other and still be done in time. Both must say how much work is left, and who is to wait by when it must be done.</summary>
    public static Step Timeline(Scene scene) => Between(scene, (want, holder) =>
        want.Stake is not { Deadline: { } due, RemainingSeconds: { } left } ? new Step.Fail($"Nobody said by when '{want.Agent}' must be done and how much work is left to it.")
        : holder.Stake.RemainingSeconds is not { } theirs ? new Step.Fail($"Nobody said how much work is left to '{holder.Agent}'.")
        : due >= scene.Now.AddSeconds(theirs + left) ? Wait(scene, want, $"'{holder.Agent}' needs {theirs} s and '{want.Agent}' {left} s: done in time if it waits.")
        : holder.Stake.Deadline is { } other && other < scene.Now.AddSeconds(theirs + left)
            ? new Step.Fail($"Neither can wait: '{want.Agent}' needs {left} s and '{holder.Agent}' {theirs} s, and one of them would be late.")
        : Yield(scene, want, holder, $"'{want.Agent}' would be late if it waited {theirs} s; '{holder.Agent}' is done in time after it."));

    /// <summary>Whose work is worth more, where both say.</summary>
    public static Step Impact(Scene scene) => Between(scene, (want, holder) =>
        (want.Stake.Weight, holder.Stake.Weight) is not (long mine, long theirs) ? new Step.Fail("not applicable: no weight declared")
        : mine > theirs ? Yield(scene, want, holder, $"The work of '{want.Agent}' weighs {mine}, that of '{holder.Agent}' {theirs}.")
        : mine < theirs ? Wait(scene, want, $"The work of '{holder.Agent}' weighs {theirs}, that of '{want.Agent}' {mine}.")
        : new Step.Fail($"Both weigh {mine}."));

    /// <summary>Whose task waits for the other's.</summary>
    public static Step Dependencies(Scene scene) => Between(scene, (want, holder) =>
        want.Task is not { } mine || holder.Task is not { } theirs ? new Step.Fail("Not both are reserved for a task.")
        : holder.Stake.DependsOn.AsSpan().Contains(mine) ? Yield(scene, want, holder, $"The task of '{holder.Agent}' waits for that of '{want.Agent}' anyway.")
        : want.Stake.DependsOn.AsSpan().Contains(theirs) ? Wait(scene, want, $"The task of '{want.Agent}' waits for that of '{holder.Agent}' anyway.")
        : new Step.Fail("Neither task waits for the other."));

    private static Step Between(Scene scene, Func<Reservation, Reservation, Step> weigh) =>
        scene is { Want: { } want, Holder: { Standing: Standing.Held } holder } ? weigh(want, holder) : new Step.Fail("Nobody waits for anybody any more.");

    private static Step.Do Wait(Scene scene, Reservation want, string detail) => new(
        [new ReservationMayWait(want.Id, scene.Now)], detail + " It waits.");

    private static Step.Do Yield(Scene scene, Reservation want, Reservation holder, string detail) => new(
        [new ReservationYielded(holder.Id, want.Id, scene.Now)],
        detail + $" '{holder.Agent}' yields and is next.",
        StepData.Of(json => StepData.Texts(json, "access_order", [want.Agent.Value, holder.Agent.Value])));
}
