using AgentCluster.Actors;

namespace AgentCluster.Tests.Bridge;

/// <summary>A node without actors and without rows, for tests of what is refused before anything is asked.</summary>
internal sealed class NoNode : IActorInspector, IClusterInspector, IRowReader, IJournalReader, IJournalSignal, IProjections
{
    /// <summary>How often anything was read.</summary>
    public int Reads { get; private set; }

    /// <summary>Whether reads fail.</summary>
    public bool IsAway { get; set; }

    public Task NextWrite { get; } = new TaskCompletionSource().Task;

    public ValueTask<JournalHead> ReadHeadAsync(CancellationToken cancellationToken) => new(new JournalHead(1, JournalCursor.Start));

    public ValueTask<JournalPage> ReadJournalAsync(
        JournalCursor after, JournalCursor? upTo, int limit, CancellationToken cancellationToken) => new(new JournalPage(1, []));

    public ValueTask<IReadOnlyList<StoredEvent>> ReadPlacesAsync(
        IReadOnlyList<JournalPlace> places, CancellationToken cancellationToken) => new((IReadOnlyList<StoredEvent>)[]);

    public ValueTask ReachAsync(JournalHead head, CancellationToken cancellationToken) => default;

    public IReadOnlyList<MemberReport> Members() => [];

    public IReadOnlyList<ShardReport> Shards() => [];

    public ValueTask<IReadOnlyList<ActorReport>> ActorsAsync(int shard, CancellationToken cancellationToken) => new((IReadOnlyList<ActorReport>)[]);

    public ValueTask<bool> LeaveAsync(string member, CancellationToken cancellationToken) => new(false);

    public ValueTask<bool> DownAsync(string member, CancellationToken cancellationToken) => new(false);

    public ValueTask<int?> RestoredAsync(CancellationToken cancellationToken) => new((int?)null);

    public ValueTask<ActorReport?> InspectAsync(ActorId actor, CancellationToken cancellationToken) => new((ActorReport?)null);

    public ValueTask<NodeReport> InspectAsync(CancellationToken cancellationToken) => new(new NodeReport(256, 0, 0, 0, 0, [], false));

    public ValueTask<IReadOnlyList<Row>> ReadAsync(RowTable table, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        Reads++;
        return IsAway ? throw new StoreUnavailableException("the disk is gone") : new((IReadOnlyList<Row>)[]);
    }

    public ValueTask<RowPage> QueryAsync(RowQuery query, CancellationToken cancellationToken)
    {
        Reads++;
        return IsAway ? throw new StoreUnavailableException("the disk is gone") : new(new RowPage([], query.WithTotal ? 0 : null));
    }
}
