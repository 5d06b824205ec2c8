using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Simulation.Coverage;

/// <summary>What must have happened at least once in a few hundred seeds.</summary>
internal static class Sometimes
{
    private static readonly string[] States =
    [
        "committed", "fenced", "claimed", "completed", "claim released", "claim failed", "claim lapsed", "cancelled",
        "cancelled while held", "vanished", "zombie called", "liar called", "read", "repeat answered alike",
        "answered unknown", "answered ConnectionLostException", "answered notready", "answered notdone", "answered storagefull",
        "answered overloaded", "answered around a rollback", "answered in vain", "lost and repeated", "restored", "failed over",
        "killed while starting", "killed soon after it was up", "agent crashed", "flooded", "other payload refused", "answered quarantined",
        "listened", "listener resumed", "listener cut", "listener sent away", "cursor gone", "projected",
        "claim of a lost past ended",
    ];

    public static IReadOnlyList<string> Missing(FaultCounts counts) =>
        [.. Enum.GetNames<Fault>().Except([nameof(Fault.Drift)]).Concat(States).Where(state => !counts.All.ContainsKey(state))];
}
