using AgentCluster.Actors;
using AgentCluster.Benchmarks.Floors;
using AgentCluster.Domain;
using AgentCluster.Domain.TaskRegistry;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;

namespace AgentCluster.Benchmarks.Subjects;

/// <summary>Claim-next and complete, asked of the registry's actor.</summary>
internal sealed class NodePairs(RunningNode node) : ISubject
{
    private static readonly ActorId Registry = Kinds.RegistryOf(Template.Project);

    public static async Task<NodePairs> StartAsync(DataCopy copy) => new(await RunningNode.StartAsync(copy.Path));

    public async Task PairAsync(int caller)
    {
        var (task, token) = await ClaimAsync($"agent-{caller:00}");
        await CompleteAsync(task, token);
    }

    public async Task<(TaskId Task, FencingToken Token)> ClaimAsync(string agent)
    {
        var reply = await node.Actors.AskAsync(
            Registry, new ClaimNext(new(new(agent), null, null), 1800), null, CancellationToken.None);
        var granted = (ClaimReply.Granted)reply;
        return (granted.Task.Id, granted.Task.Claim!.Token);
    }

    public async Task CompleteAsync(TaskId task, FencingToken token)
    {
        var reply = await node.Actors.AskAsync(
            Registry, new CompleteTask(task, token, "done", null, [], null, null), null, CancellationToken.None);
        if (reply is not CompleteReply.Completed)
        {
            throw new InvalidOperationException($"Expected a completed task, found {reply}.");
        }
    }

    public ValueTask DisposeAsync() => node.DisposeAsync();
}
