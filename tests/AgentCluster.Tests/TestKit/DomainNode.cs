using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using AgentCluster.Runtime.Kinds;
using AgentCluster.TestKit;

namespace AgentCluster.Tests.TestKit;

/// <summary>A test node with the actors of the product.</summary>
internal static class DomainNode
{
    public static readonly AgentId Ada = new("ada"), Grace = new("grace");

    public static readonly AgentCluster.Actors.ActorId Apollo = Kinds.RegistryOf("apollo");

    private static readonly IReadOnlyList<ActorKind> Actors =
    [
        ActorKind.Of<AgentBehavior, AgentState, AgentCommand, AgentEvent>(AgentTables.All),
        ActorKind.OfRows<TaskRegistryBehavior, TaskRegistryState, TaskRegistryCommand, TaskRegistryEvent>(TaskRegistryTables.All),
    ];

    public static void Run(Func<TestNode, Task> test, ulong seed = 1) => TestNode.Run(Actors, test, seed);

    public static void RunSeveral(int nodes, Func<TestCluster, Task> test, ulong seed = 1, bool isWired = false) =>
        TestCluster.Run(Actors, nodes, test, seed, isWired);

    public static async Task<TaskId> CreateTask(this TestNode node)
    {
        var task = new TaskId(Ulid.New(node.World.Clock.GetUtcNow(), node.World.Random.NextId()));
        var created = await node.AskAsync(Apollo, new TaskRegistryCommand.CreateTasks([new(task, new() { Title = "Write the parser" }, [])]));
        Assert.IsType<CreateReply.Created>(created);
        return task;
    }

    public static TaskRegistryCommand.ClaimTask Claim(TaskId task, AgentId by, int leaseSeconds = 600) =>
        new(task, new(by, new(10, []), null), leaseSeconds);
}
