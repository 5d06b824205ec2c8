using AgentCluster.Simulation.Oracles;
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
        "budget spent", "budget spent with a claim running", "budget raised", "claimed under a raised budget", "spent over a crash",
        "epic cancelled", "epic deleted", "cascade in slices", "cascade interrupted by a crash", "create refused", "moved with its cost",
        "parked", "answered", "parked over a crash", "handed in", "review accepted", "review returned", "in review over a crash",
        "edited", "watched", "deleted", "deleted while held", "offline", "offline with claims", "offline with claims over a crash",
        "came back within the grace", "grace ended", "deregistered", "claim agentgone", "deserted", "masses called off",
        "claim of a lost past ended", "taken free", "taken again", "taken over", "handed over", "found to be down", "left", "zombie refused",
        "an operator was heard", "message came", "sent to many", "mail acknowledged", "delegated", "delegation came", "notice came",
        "delegation accepted", "delegation in_progress", "delegation completed", "delegation failed", "delegation declined",
        "delegation timed_out", "delegation cancelled", "reported late", "left with mail", "delegated over a crash", "told of what is completed",
        "a node was not reached", "a connection broke before its question arrived", "a connection broke after its question was answered",
        "a node that was asked said nothing", "a message between nodes was lost",
        "reserved", "reserved shared", "refused what others reserved", "queued", "the next in line had its turn", "told of its turn", "told of a conflict",
        "renewed a reservation", "reservation released", "reservation expired", "reservation claimended", "reservation yielded",
        "died with reservations", "reserved over a crash", "queued over a crash",
    ];

    /// <summary>The node crashes: what it goes on with afterwards.</summary>
    public static void Crashed(FaultCounts counts, JournalOracle journal)
    {
        Reached("spent", journal.Epics.IsSpent);
        Reached("parked", journal.Work.IsParked);
        Reached("in review", journal.Work.IsInReview);
        Reached("offline with claims", journal.Presence.IsSilentHolder);
        Reached("delegated", journal.Mail.Open.Any());
        Reached("reserved", journal.Reservations.HasHeld);
        Reached("queued", journal.Reservations.HasQueued);
        if (journal.Epics.IsSweeping)
        {
            counts.Reached("cascade interrupted by a crash");
        }

        void Reached(string what, bool isSo)
        {
            if (isSo)
            {
                counts.Reached($"{what} over a crash");
            }
        }
    }

    public static IReadOnlyList<string> Missing(FaultCounts counts) =>
        [.. Enum.GetNames<Fault>().Except([nameof(Fault.Drift)]).Concat(States).Where(state => !counts.All.ContainsKey(state))];
}
