using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using AgentCluster.Runtime.Store;
using AgentCluster.TestKit;
using AgentCluster.Tests.TestKit;

namespace AgentCluster.Tests.Scenarios;

/// <summary>The agents of one project on one node, and everything that was ever written about its tasks.</summary>
internal sealed class Team
{
    private readonly List<TaskRegistryEvent> _history = [];

    private Team(TestNode node)
    {
        Node = node;
        node.Database.Written = Remember;
    }

    public TestNode Node { get; }

    /// <summary>Every claim that was ever granted.</summary>
    public IEnumerable<TaskRegistryEvent.TaskClaimed> Claims => _history.OfType<TaskRegistryEvent.TaskClaimed>();

    /// <summary>Called at the moment when a claim is durable, before anybody hears of it.</summary>
    public Action? ClaimWritten { get; set; }

    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1, 20).Select(seed => (ulong)seed)];

    public static void Play(ulong seed, Func<Team, Task> scenario) => DomainNode.Run(node => scenario(new(node)), seed);

    public Agent Agent(string name) => new(Node, new(name));

    public Task<TaskId> CreateTask() => Node.CreateTask();

    public async Task<TaskView> Read(TaskId task) => Assert.IsType<TaskReply.Found>(
        await Node.AskAsync(DomainNode.Apollo, new TaskRegistryCommand.ReadTask(task))).Task;

    public Task Pass(double seconds) => Node.World.Pass(TimeSpan.FromSeconds(seconds));

    private void Remember(StoreBatch batch)
    {
        foreach (var written in batch.Events.Where(written => written.Actor == DomainNode.Apollo))
        {
            var happened = (TaskRegistryEvent)TaskRegistryBehavior.Json.Events.Read(written.Name, written.Payload.Span);
            _history.Add(happened);
            if (happened is TaskRegistryEvent.TaskClaimed)
            {
                ClaimWritten?.Invoke();
            }
        }
    }
}

/// <summary>An agent as the bridge lets it speak: each of its calls is a sign of life.</summary>
internal sealed class Agent(TestNode node, AgentId id)
{
    public AgentId Id => id;

    public Task Register(int heartbeatSeconds) => node.AskAsync(
        Kinds.AgentOf(id), new AgentCommand.RegisterAgent(new() { Name = id.Value, HeartbeatTtlSeconds = heartbeatSeconds }, Rotate: false));

    public Task Beat() => node.AskAsync(Kinds.AgentOf(id), new AgentCommand.Heartbeat());

    /// <summary>Somebody looks at the agent. It gives no sign of life itself.</summary>
    public async Task<bool> IsOnline() => Assert.IsType<AgentReply.Found>(
        await node.AskAsync(Kinds.AgentOf(id), new AgentCommand.ReadAgent())).Agent.Online;

    public Task<ClaimReply> TryClaim(TaskId task, int leaseSeconds, string? key = null) => Call(
        DomainNode.Claim(task, id, leaseSeconds), key is null ? null : new CommandId(id.Value, key, Payload: 1));

    public async Task<FencingToken> Claim(TaskId task, int leaseSeconds, string? key = null) => Assert.IsType<ClaimReply.Granted>(
        await TryClaim(task, leaseSeconds, key)).Task.Claim!.Token;

    public Task<CompleteReply> Complete(TaskId task, FencingToken token, string result) => Call(
        new TaskRegistryCommand.CompleteTask(task, token, result, null, [], null, null), null);

    private Task<TReply> Call<TReply>(ICommand<TReply> command, CommandId? key)
    {
        node.Node.Tell(Kinds.AgentOf(id), new AgentCommand.SeeAgent());
        return node.AskAsync(DomainNode.Apollo, command, key);
    }
}
