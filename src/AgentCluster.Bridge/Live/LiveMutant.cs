namespace AgentCluster.Bridge.Live;

/// <summary>A rule of the feed, to be broken on purpose: a simulation that does not notice proves nothing. Never outside of one.</summary>
internal enum LiveMutant
{
    /// <summary>The product.</summary>
    None,

    /// <summary>A subscription goes along from where the ring is when it has caught up, not from its mark.</summary>
    JoinsTooLate,

    /// <summary>A subscription goes along although the ring has lost frames after its mark.</summary>
    JoinsWithAHole,

    /// <summary>A frame carries a cursor that is ahead of it.</summary>
    MovesBeforeDelivery,

    /// <summary>The feed goes on although the journal was restored.</summary>
    IgnoresRestores,
}
