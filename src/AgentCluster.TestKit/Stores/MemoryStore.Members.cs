using AgentCluster.Actors;
using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Store;

namespace AgentCluster.TestKit.Stores;

/// <remarks>The members that share it.</remarks>
public sealed partial class MemoryStore
{
    private readonly SortedDictionary<UInt128, Member> _members = [];
    private Action? _changed;
    private Action? _written;

    /// <summary>Present members, those included that are down and still own something.</summary>
    internal IEnumerable<Member> Members => _members.Values;

    /// <inheritdoc/>
    public async ValueTask JoinAsync(Member self, CancellationToken cancellationToken)
    {
        await AskAsync(() =>
        {
            var owners = _shards.Values.Select(shard => shard.Lease.Owner.Value).ToHashSet();
            foreach (var gone in _members.Values.Where(member => member.Status == MemberStatus.Down && !owners.Contains(member.Incarnation.Value)).ToArray())
            {
                _members.Remove(gone.Incarnation.Value);
            }

            return _members.TryAdd(self.Incarnation.Value, self with { Counter = 1, Status = MemberStatus.Up });
        }, isWrite: true, cancellationToken);
        Hint();
    }

    /// <inheritdoc/>
    public ValueTask<ClusterView?> RenewAsync(Incarnation self, CancellationToken cancellationToken) => AskAsync(
        () => Renew(self, renewed => renewed.Status != MemberStatus.Down), isWrite: true, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> DeclareDownAsync(Incarnation member, long? counter, CancellationToken cancellationToken) => AskAsync(
        () => Change(
            member,
            found => found.Status != MemberStatus.Down && found.Counter == (counter ?? found.Counter),
            found => found with { Status = MemberStatus.Down }),
        isWrite: true,
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> BeginGenerationAsync(CancellationToken cancellationToken) => AskAsync(
        () =>
        {
            foreach (var member in _members.Values.ToArray())
            {
                _members[member.Incarnation.Value] = member with { Status = MemberStatus.Down };
            }

            Raise(_generation + 1);
            return _generation;
        },
        isWrite: true,
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> AskToLeaveAsync(Incarnation member, CancellationToken cancellationToken) => AskAsync(
        () => Change(member, found => found.Status == MemberStatus.Up, found => found with { Status = MemberStatus.Leaving }),
        isWrite: true,
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ShardLease>> TakeAsync(
        IReadOnlyList<ShardOwner> found, int generation, Incarnation owner, CancellationToken cancellationToken) => AskAsync<IReadOnlyList<ShardLease>>(
        () =>
        {
            if (generation != _generation || _members.GetValueOrDefault(owner.Value) is not { Status: MemberStatus.Up })
            {
                return [];
            }

            var free = found.Select(seen => (seen.Epoch, Shard: Shard(seen.Shard))).Where(seen => seen.Shard.Lease.Epoch == seen.Epoch);
            return [.. free.OrderBy(seen => seen.Shard.Lease.Shard).Select(seen =>
                seen.Shard.Lease = seen.Shard.Lease with { Generation = _generation, Epoch = seen.Epoch + 1, Owner = owner })];
        },
        isWrite: true,
        cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Post> ReadPostAsync(IReadOnlyList<int> owned, int limit, CancellationToken cancellationToken)
    {
        var own = owned.ToHashSet();
        return AskAsync(
            () => new Post(
                _generation,
                [.. Letters(shard => !own.Contains(shard)).Take(limit).Select(row =>
                    new PostedLetter(row.Owner, Receiver(row), Number(row), row.Columns[2].Text!, row.Payload))],
                [.. Letters(own.Contains).Where(row => Received(row, own) >= Number(row))
                    .Select(row => new TakenLetter(row.Owner, Receiver(row), Received(row, own))).Distinct().Take(limit)]),
            isWrite: false,
            cancellationToken);
    }

    /// <inheritdoc/>
    public void Listen(Action changed, Action written)
    {
        _changed += changed;
        _written += written;
    }

    /// <inheritdoc/>
    public void Hint() => _changed?.Invoke();

    internal IReadOnlyList<ShardLease> Leases(IEnumerable<int> shards) => [.. shards.Select(shard => Shard(shard).Lease)];

    /// <summary>A broken rule: whoever renews is up, whatever was declared.</summary>
    internal ClusterView? Revive(Incarnation self)
    {
        Change(self, member => member.Status == MemberStatus.Down, member => member with { Status = MemberStatus.Up });
        return Renew(self, _ => true);
    }

    /// <summary>A broken rule: what was found is whatever is there now.</summary>
    internal IReadOnlyList<ShardOwner> Now(IEnumerable<ShardOwner> found) =>
        [.. found.Select(each => Shard(each.Shard).Lease).Select(lease => new ShardOwner(lease.Shard, lease.Epoch, lease.Owner))];

    /// <summary>A broken rule: every letter is taken.</summary>
    internal IReadOnlyList<TakenLetter> Untaken(IReadOnlyList<int> owned) =>
        [.. Letters(owned.Contains).Select(row => new TakenLetter(row.Owner, Receiver(row), Number(row)))];

    private static ActorId Receiver(Row letter) => ActorId.Parse(letter.Columns[0].Text!);

    private static long Number(Row letter) => letter.Columns[1].Number!.Value;

    private ClusterView? Renew(Incarnation self, Predicate<Member> may) =>
        Change(self, may, found => found with { Counter = found.Counter + 1 })
            ? new(
                _generation,
                [.. _members.Values],
                [.. _shards.Values.Where(shard => shard.Lease.Epoch > 0).Select(shard => new ShardOwner(shard.Lease.Shard, shard.Lease.Epoch, shard.Lease.Owner))])
            : null;

    private bool Change(Incarnation who, Predicate<Member> may, Func<Member, Member> change)
    {
        if (!_members.TryGetValue(who.Value, out var found) || !may(found))
        {
            return false;
        }

        _members[who.Value] = change(found);
        return true;
    }

    private IEnumerable<Row> Letters(Predicate<int> ofShard) => _tables[RuntimeTables.Outbox.Name].Rows
        .Where(letter => ofShard(letter.Shard))
        .Select(letter => letter.Row)
        .OrderBy(Number).ThenBy(row => row.Key.Id, CodePoints.Order);

    /// <summary>How far a letter's receiver, on another node, has taken its sender's letters.</summary>
    private long Received(Row letter, HashSet<int> own) =>
        _tables[RuntimeTables.Received.Name].Find($"{letter.Owner}>{Receiver(letter)}", shard => !own.Contains(shard))?.Columns[1].Number ?? 0;
}
