namespace AgentCluster.TestKit.Simulation;

/// <summary>Rules of the store that a simulation can break on purpose, to see that its oracle would notice.</summary>
internal enum StoreMutant
{
    /// <summary>A store as it should be.</summary>
    None,

    /// <summary>A batch is written whoever owns the shard by now, if only the sequence fits.</summary>
    IgnoresEpoch,

    /// <summary>A batch is written whatever lease it carries.</summary>
    IgnoresLease,

    /// <summary>Only the number of the epoch is compared, not who got it, nor in which generation.</summary>
    ComparesEpochOnly,

    /// <summary>The lease is looked at in one statement, and the batch is written in another.</summary>
    ChecksThenWrites,

    /// <summary>A member that is down and counts on is up again.</summary>
    RevivesTheDown,

    /// <summary>A member is declared down that has counted on since it was looked at.</summary>
    DeclaresWhoCountsOn,

    /// <summary>A shard is taken although somebody has taken it since it was looked at.</summary>
    TakesWhoeverTookIt,

    /// <summary>Letters to another node count as taken before they are.</summary>
    TellsUntakenAsTaken,
}
