using AgentCluster.Actors;
using AgentCluster.Runtime.Mutants;
using AgentCluster.Runtime.Sharding;
using AgentCluster.Runtime.Store;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Runtime;

/// <remarks>Acquiring shards, keeping house, draining, and being looked into.</remarks>
public sealed partial class ActorNode
{
    private const int ForgetPerRound = 10_000;

    // With a round a minute, that is 10,000 a second: more than are remembered.
    private const int RoundsBehind = 60;

    private static readonly BackOff Acquiring = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(2));
    private static readonly TimeSpan DrainPoll = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Stops taking commands, waits until everything taken has settled and been answered, and gives the shards back.
    /// </summary>
    /// <param name="timeout">After which it gives the shards back all the same; what was not answered is fenced or lost to its caller as unknown.</param>
    /// <returns>Whether everything was answered in time.</returns>
    public async ValueTask<bool> DrainAsync(TimeSpan timeout)
    {
        _draining = true;
        var began = Clock.GetTimestamp();
        var settled = false;
        while (!settled && Clock.GetElapsedTime(began) < timeout)
        {
            settled = _bound.Waiting == 0 && !Committer.IsBusy && await IsIdleAsync();
            if (!settled)
            {
                await Task.Delay(DrainPoll, Clock);
            }
        }

        foreach (var lane in _lanes)
        {
            lane.Lane.Timers.Stop();
        }

        try
        {
            await Store.ReleaseAsync([.. _shards.Where(shard => shard.IsOwned).Select(Own)], CancellationToken.None);
            if (_keeper is { } keeper)
            {
                await keeper.StopAsync();
            }
        }
        catch (StoreUnavailableException away)
        {
            // The next owner waits for the lease to run out instead; nothing is lost.
            Log.ReleaseFailed(away.Message);
        }

        return settled;
    }

    /// <inheritdoc/>
    public ValueTask<ActorReport?> InspectAsync(ActorId actor, CancellationToken cancellationToken)
    {
        var shard = ShardOf(actor);
        return new(OnLane(shard.Siblings, () => shard.Find(actor)?.Report()).WaitAsync(cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask<NodeReport> InspectAsync(CancellationToken cancellationToken)
    {
        var (shards, actors) = (0, 0);
        List<ActorId> quarantined = [];
        foreach (var lane in _lanes)
        {
            var seen = await OnLane(lane, () => (
                Owned: lane.Shards.Count(shard => shard.IsOwned),
                Cells: lane.Shards.Sum(shard => shard.Cells.Count),
                Quarantined: lane.Shards.SelectMany(shard => shard.Cells)
                    .Where(cell => cell.Status == Cells.CellStatus.Quarantined).Select(cell => cell.Id).ToArray()))
                .WaitAsync(cancellationToken);
            shards += seen.Owned;
            actors += seen.Cells;
            quarantined.AddRange(seen.Quarantined);
        }

        return new(shards, actors, _bound.Waiting, Committer.Groups, Committer.Events, quarantined, _draining);
    }

    /// <summary>Acquires a lost shard anew, epoch + 1, before anybody reads it; tries for ever with growing pauses.</summary>
    internal async void Reacquire(Shard shard, int attempt)
    {
        if (_keeper is { } keeper)
        {
            keeper.Want();
            return;
        }

        try
        {
            await Task.Delay(Pause(attempt), Clock);
            while (!_draining)
            {
                try
                {
                    await AcquireAsync([shard], CancellationToken.None);
                    return;
                }
                catch (StoreUnavailableException away)
                {
                    Log.AcquireFailed(shard.Number, away.Message);
                    await Task.Delay(Pause(++attempt), Clock);
                }
            }
        }
#pragma warning disable CA1031 // Nobody awaits this; a bug must be seen, and the shard stays refused.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            Log.ReacquireFailed(shard.Number, bug);
        }
    }

    private Task<T> OnLane<T>(LaneShards lane, Func<T> look)
    {
        var seen = new TaskCompletionSource<T>(Answers);
        lane.Lane.Post(() => seen.SetResult(look()));
        return seen.Task;
    }

    private async ValueTask AcquireAsync(IReadOnlyList<Shard> shards, CancellationToken cancellationToken)
    {
        int[] numbers = [.. shards.Select(shard => shard.Number).Order()];
        var askedAt = Clock.GetTimestamp();
        var leases = await Store.AcquireAsync(numbers, Incarnation, cancellationToken);
        await InstallAsync(leases, askedAt, cancellationToken);
    }

    /// <summary>Begins to answer for shards that this node owns by now.</summary>
    internal async ValueTask InstallAsync(IReadOnlyList<ShardLease> leases, long askedAt, CancellationToken cancellationToken)
    {
        int[] numbers = [.. leases.Select(lease => lease.Shard).Order()];
        var awake = (await AwakeAsync(numbers, cancellationToken)).ToLookup(ShardOf);
        await SupersedeAsync(leases.Max(lease => lease.Generation));
        foreach (var lease in leases)
        {
            var shard = _shards[lease.Shard];
            ActorId[] waking = [.. awake[shard]];
            await OnLane(shard.Siblings, () =>
            {
                shard.Acquired(lease, askedAt);
                Array.ForEach(waking, shard.Activate);
                return true;
            });
        }
    }

    /// <summary>
    /// Before anything of a generation is used, every shard of an older one is given up: an actor that remembers what is
    /// lost would take the letters of one that does not for repeats, and send it letters that were never written.
    /// </summary>
    internal async Task SupersedeAsync(int generation)
    {
        foreach (var lane in _lanes)
        {
            await OnLane(lane, () =>
            {
                foreach (var shard in lane.Shards)
                {
                    shard.Supersede(generation);
                }

                return true;
            });
        }
    }

    /// <summary>Who must be in memory whenever their shard has an owner: timers, undelivered letters, and what each kind names.</summary>
    private async ValueTask<IReadOnlyList<ActorId>> AwakeAsync(IReadOnlyList<int> shards, CancellationToken cancellationToken)
    {
        var queries = _kinds.Values.Select(kind => kind.Awake).OfType<RowQuery>()
            .Append(new(RuntimeTables.Timer)).Append(new(RuntimeTables.Outbox));
        HashSet<ActorId> awake = [];
        if (Breaks(Mutant.WakesNobody))
        {
            return [];
        }

        foreach (var query in queries)
        {
            awake.UnionWith(await Store.OwnersAsync(query, shards, cancellationToken));
        }

        return [.. awake.OrderBy(actor => actor.ToString(), StringComparer.Ordinal)];
    }

    private async ValueTask<bool> IsIdleAsync()
    {
        foreach (var lane in _lanes)
        {
            if (!await OnLane(lane, () => lane.Shards.All(shard => shard.IsIdle)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Deletes expired command ids, now and then for ever.</summary>
    /// <param name="isBehind">Whether the last round did not get through: then the next one comes soon.</param>
    private void Maintain(bool isBehind = false)
    {
        var lane = _lanes[0].Lane;
        lane.Timers.Set(isBehind ? Options.MaintenanceEvery / RoundsBehind : Options.MaintenanceEvery, _ => lane.Await(
            Store.ForgetCommandsAsync(Clock.GetUtcNow() - Options.CommandRetention, ForgetPerRound, CancellationToken.None),
            (forgotten, error) =>
            {
                if (error is not null)
                {
                    Log.MaintenanceFailed(error.Message);
                }

                Maintain(isBehind: forgotten == ForgetPerRound);
            }));
    }

    private TimeSpan Pause(int attempt) => Acquiring.After(attempt, spread: 0.5 + Random.NextDouble());
}
