using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.TaskRegistry.Rows;
using AgentCluster.Domain.Tasks;
using AgentCluster.TestKit.Behaviors;

namespace AgentCluster.Tests.Domain.TaskRegistry;

/// <summary>What the specifications of a registry have in common.</summary>
public abstract class TaskRegistrySpec()
    : RowBehaviorSpec<TaskRegistryBehavior, TaskRegistryState, TaskRegistryCommand, TaskRegistryEvent>("apollo")
{
    protected const int Lease = 600;

    protected static readonly AgentId Ada = new("ada"), Grace = new("grace");

    private int _ids;

    /// <summary>Generation 1, counter <paramref name="count"/>.</summary>
    protected static FencingToken Token(long count) => new((1L << 40) + count);

    protected static Claimant By(AgentId agent, int? maxConcurrent = null, params string[] capabilities) => new(
        agent,
        maxConcurrent is { } most ? new(most, ValueList.Of<string>(capabilities)) : null,
        maxConcurrent is null && capabilities.Length > 0 ? ValueList.Of<string>(capabilities) : null);

    protected TaskId NewId() => new(Ulid.New(Now, (UInt128)(++_ids)));

    protected TaskId Create(params TaskId[] dependsOn) => Create(spec => spec, dependsOn);

    protected TaskId Create(Func<TaskSpec, TaskSpec> with, params TaskId[] dependsOn)
    {
        var id = NewId();
        var spec = with(new() { Title = $"Task {_ids}" });
        if (spec.EpicId is { } epic && !Rows.ContainsKey(EpicRow.Key(epic)))
        {
            CreateEpic(epic, new() { Title = "An epic" });
        }

        var (reply, _) = When(new TaskRegistryCommand.CreateTasks([new(id, spec, ValueList.Of<TaskId>(dependsOn))]));
        Assert.IsType<CreateReply.Created>(reply);
        return id;
    }

    protected EpicId CreateEpic(Func<EpicSpec, EpicSpec>? with = null)
    {
        EpicId id = new(NewId().Value);
        EpicSpec spec = new() { Title = $"Epic {_ids}" };
        CreateEpic(id, with is null ? spec : with(spec));
        return id;
    }

    protected TaskId CreateIn(EpicId epic, params TaskId[] dependsOn) => Create(spec => spec with { EpicId = epic }, dependsOn);

    protected EpicView ReadEpic(EpicId epic) =>
        Assert.IsType<EpicReply.Found>(When(new TaskRegistryCommand.ReadEpic(epic)).Reply).Epic;

    protected void CreateEpic(EpicId id, EpicSpec spec) =>
        Assert.IsType<EpicReply.Found>(When(new TaskRegistryCommand.CreateEpic(id, spec)).Reply);

    protected FencingToken Claim(TaskId task, AgentId agent) =>
        Granted(When(new TaskRegistryCommand.ClaimTask(task, By(agent), Lease)).Reply).Claim!.Token;

    protected TaskId? ClaimNext(Claimant by) =>
        When(new TaskRegistryCommand.ClaimNext(by, Lease)).Reply is ClaimReply.Granted granted ? granted.Task.Id : null;

    protected void Complete(TaskId task, FencingToken token) => Assert.IsType<CompleteReply.Completed>(
        When(new TaskRegistryCommand.CompleteTask(task, token, "Done.", null, [], null, null)).Reply);

    protected void Fail(TaskId task, FencingToken token, bool retryable = true) => Assert.IsType<TaskReply.Found>(
        When(new TaskRegistryCommand.FailTask(task, token, "Broken.", retryable)).Reply);

    protected TaskView Read(TaskId task) =>
        Assert.IsType<TaskReply.Found>(When(new TaskRegistryCommand.ReadTask(task)).Reply).Task;

    protected static TaskView Granted(ClaimReply reply) => Assert.IsType<ClaimReply.Granted>(reply).Task;

    protected static TimerKey LeaseOf(TaskId task) => new("lease", task.Value);
}
