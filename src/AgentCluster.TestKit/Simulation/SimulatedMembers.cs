using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Store;
using AgentCluster.TestKit.Stores;
using static AgentCluster.TestKit.Simulation.SimulatedDatabase;

namespace AgentCluster.TestKit.Simulation;

/// <summary>
/// The members as a process sees them: each call is a request leg, one atomic moment and a reply leg, as those to the store are;
/// an answer that is lost leaves its caller in doubt, and hints are lost or late.
/// </summary>
/// <param name="database">What all processes share.</param>
/// <param name="process">Who calls.</param>
public sealed class SimulatedMembers(SimulatedDatabase database, SimulatedProcess process) : IMembers
{
    private Incarnation _self;

    /// <inheritdoc/>
    public async ValueTask JoinAsync(Member self, CancellationToken cancellationToken)
    {
        _self = self.Incarnation;
        await database.MemberAsync(
            process,
            async ValueTask<bool> (data) =>
            {
                await data.JoinAsync(self, CancellationToken.None);
                return true;
            },
            _ => _ => database.Joined?.Invoke(self));
        Hint();
    }

    /// <inheritdoc/>
    public async ValueTask<ClusterView?> RenewAsync(Incarnation self, CancellationToken cancellationToken)
    {
        var view = await database.MemberAsync(
            process,
            data => database.Mutant == StoreMutant.RevivesTheDown ? new(data.Revive(self)) : data.RenewAsync(self, CancellationToken.None),
            _ => view =>
            {
                if (view is not null)
                {
                    database.Renewed?.Invoke(self);
                }
            },
            isRenewal: true);
        await database.DelayAsync(process);
        if (view is not null)
        {
            database.Viewed?.Invoke(self, view);
        }

        return view;
    }

    /// <inheritdoc/>
    public ValueTask<bool> DeclareDownAsync(Incarnation member, long? counter, CancellationToken cancellationToken) => new(database.MemberAsync(
        process,
        data => data.DeclareDownAsync(member, database.Mutant == StoreMutant.DeclaresWhoCountsOn ? null : counter, CancellationToken.None),
        _ => isDown =>
        {
            if (isDown)
            {
                database.Declared?.Invoke(member, counter is not null ? Word.Watcher : member == _self ? Word.Own : Word.Operator);
            }
        }));

    /// <inheritdoc/>
    public ValueTask<int> BeginGenerationAsync(CancellationToken cancellationToken) =>
        new(database.MemberAsync(process, data => data.BeginGenerationAsync(CancellationToken.None)));

    /// <inheritdoc/>
    public ValueTask<bool> AskToLeaveAsync(Incarnation member, CancellationToken cancellationToken) =>
        new(database.MemberAsync(process, data => data.AskToLeaveAsync(member, CancellationToken.None)));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<ShardLease>> TakeAsync(
        IReadOnlyList<ShardOwner> found, int generation, Incarnation owner, CancellationToken cancellationToken)
    {
        // What it asks for follows from what it knows now; a late request may be done when it knows more.
        var told = database.Taking?.Invoke(owner);
        return new(database.MemberAsync(
            process,
            data => data.TakeAsync(database.Mutant == StoreMutant.TakesWhoeverTookIt ? data.Now(found) : found, generation, owner, CancellationToken.None),
            data =>
            {
                var before = data.Leases(found.Select(each => each.Shard));
                return taken => database.TookOver(before, taken, told);
            }));
    }

    /// <inheritdoc/>
    public async ValueTask<Post> ReadPostAsync(IReadOnlyList<int> owned, int limit, CancellationToken cancellationToken)
    {
        var post = await database.CallAsync(process, data => data.ReadPostAsync(owned, limit, CancellationToken.None));
        return database.Mutant == StoreMutant.TellsUntakenAsTaken ? post with { Taken = await database.CallAsync(process, data => new ValueTask<IReadOnlyList<TakenLetter>>(data.Untaken(owned))) } : post;
    }

    /// <inheritdoc/>
    public void Listen(Action changed, Action written) => database.Listen(process, changed, written);

    /// <inheritdoc/>
    public void Hint() => database.Tell(listener => listener.Changed);
}
