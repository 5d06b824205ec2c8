using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Tests.Storage;

/// <remarks>The members as a simulated process sees them.</remarks>
internal sealed partial class WorldStore : IMembers
{
    public async ValueTask JoinAsync(Member self, CancellationToken cancellationToken) => await CallAsync(async ValueTask<bool> (_, members) =>
    {
        await members.JoinAsync(self, cancellationToken);
        return true;
    });

    public ValueTask<ClusterView?> RenewAsync(Incarnation self, CancellationToken cancellationToken) =>
        CallAsync((_, members) => members.RenewAsync(self, cancellationToken));

    public ValueTask<bool> DeclareDownAsync(Incarnation member, long? counter, CancellationToken cancellationToken) =>
        CallAsync((_, members) => members.DeclareDownAsync(member, counter, cancellationToken));

    public ValueTask<int> BeginGenerationAsync(CancellationToken cancellationToken) =>
        CallAsync((_, members) => members.BeginGenerationAsync(cancellationToken));

    public ValueTask<bool> AskToLeaveAsync(Incarnation member, CancellationToken cancellationToken) =>
        CallAsync((_, members) => members.AskToLeaveAsync(member, cancellationToken));

    public ValueTask<IReadOnlyList<ShardLease>> TakeAsync(
        IReadOnlyList<ShardOwner> found, int generation, Incarnation owner, CancellationToken cancellationToken) =>
        CallAsync((_, members) => members.TakeAsync(found, generation, owner, cancellationToken));

    public ValueTask<Post> ReadPostAsync(IReadOnlyList<int> owned, int limit, CancellationToken cancellationToken) =>
        CallAsync((_, members) => members.ReadPostAsync(owned, limit, cancellationToken));

    /// <summary>Called on the world's thread.</summary>
    public void Listen(Action changed, Action written) => CallAsync((_, members) =>
    {
        members.Listen(changed, written);
        return new ValueTask<bool>(true);
    }).AsTask().Wait();

    public void Hint() => CallAsync((_, members) =>
    {
        members.Hint();
        return new ValueTask<bool>(true);
    }).AsTask().Wait();
}
