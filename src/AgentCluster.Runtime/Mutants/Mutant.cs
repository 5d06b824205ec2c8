namespace AgentCluster.Runtime.Mutants;

/// <summary>
/// Rules of the runtime that a simulation can break on purpose, to see that its oracle would notice. Each names what the
/// broken node does. A node outside of tests is always <see cref="None"/>: nothing public can set it.
/// </summary>
internal enum Mutant
{
    /// <summary>The product.</summary>
    None,

    /// <summary>P1: a reply goes out when its turn is taken.</summary>
    RepliesBeforeCommit,

    /// <summary>P1: a letter goes out when its turn is taken.</summary>
    SendsBeforeCommit,

    /// <summary>P3: a read does not wait for what it has read.</summary>
    ReadsUncommitted,

    /// <summary>P4: command ids are not looked at.</summary>
    ForgetsCommandIds,

    /// <summary>P4: a repeat that is under way is decided too.</summary>
    DecidesRepeatsUnderWay,

    /// <summary>P5: a receiver takes whatever comes.</summary>
    TakesAnyLetter,

    /// <summary>P5: a letter is acknowledged when it is taken, not when that is durable.</summary>
    AcknowledgesBeforeCommit,

    /// <summary>P6: nobody is woken when a shard is acquired.</summary>
    WakesNobody,

    /// <summary>P6: an implied timer that is late fires all the same.</summary>
    FiresLateTimers,

    /// <summary>P7: an unknown outcome is told as not done.</summary>
    TellsUnknownAsNotDone,

    /// <summary>P7: a fenced batch that was sent twice is told as not done, without reading again.</summary>
    BelievesFencedResend,

    /// <summary>Rule 2: what was decided on a failed turn is written all the same.</summary>
    KeepsWhatWasBuiltOnFailure,

    /// <summary>Rule 2: a failed turn stays in memory.</summary>
    KeepsStateAfterFailure,

    /// <summary>Rule 3: a shard whose outcome is unknown is read without being acquired anew.</summary>
    RecoversWithoutAcquiring,

    /// <summary>Rule 5: a row leaves memory while somebody needs it.</summary>
    ForgetsPinnedRows,

    /// <summary>Rule 6: recovery begins while a batch is in flight.</summary>
    RecoversTooEarly,

    /// <summary>Rule 6: a snapshot carries a sequence that is not committed, and counts what it does not hold.</summary>
    SnapshotsTooEarly,

    /// <summary>A damaged snapshot is believed.</summary>
    BelievesAnySnapshot,

    /// <summary>Rule 7: a detached cell goes on with what it loaded.</summary>
    DetachedGoesOn,

    /// <summary>What was remembered before the store was put back to an earlier state is believed after it.</summary>
    KeepsLostPast,

    /// <summary>A command whose caller was told that it was not done is decided later.</summary>
    DecidesExpired,

    /// <summary>A mailbox or an outbox that is full takes more.</summary>
    IgnoresBounds,

    /// <summary>A projection that was refused goes on as if it had been written.</summary>
    BelievesRefusedProjections,

    /// <summary>Rule 1: a shard is written again while a batch of it is in flight.</summary>
    WritesTwoBatches,

    /// <summary>Members: reads are answered however long ago the lease was renewed.</summary>
    TrustsForEver,

    /// <summary>Members: a lease is trusted from when its renewal was answered, not from when it was asked for.</summary>
    TrustsFromTheAnswer,

    /// <summary>Members: how long a counter stands still is measured by the wall clock.</summary>
    WatchesByWallClock,

    /// <summary>Members: a shard that should be this node's is taken from one who lives and has not released it.</summary>
    TakesFromTheLiving,

    /// <summary>Members: shards are shared out by counting, so that each who comes or goes moves most of them.</summary>
    SharesOutByCount,

    /// <summary>Members: what is handed over is released, and goes on being answered for.</summary>
    KeepsWhatItHandedOver,

    /// <summary>Members: what is handed over is released while commands of it are in flight.</summary>
    ReleasesUndrained,

    /// <summary>Members: a release whose answer was lost is forgotten.</summary>
    GivesNothingBack,

    /// <summary>Members: a node that was declared down comes back as another with what it held.</summary>
    KeepsShardsWhenDown,

    /// <summary>Members: nobody looks at the generation that a renewal tells of.</summary>
    IgnoresGenerations,

    /// <summary>Members: a node takes letters to actors of others.</summary>
    TakesLettersOfOthers,

    /// <summary>Routing: a command without an id that another node may have done is sent again.</summary>
    SendsAgainWithoutAnId,

    /// <summary>Routing: after an answer was lost on the way, what a later attempt says is believed of the first.</summary>
    BelievesALaterNotDone,
}
