using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.TaskRegistry;

namespace AgentCluster.Bridge.Tasks;

/// <summary>Who gets notices of a task.</summary>
internal static class Watching
{
    /// <summary>The agent that the path names gets notices.</summary>
    public static Operation<NoRequest> Watch(TaskCalls tasks) => Of(
        tasks, "task_watch", "Sends an agent notices of a task", isWatching: true);

    /// <summary>The agent that the path names gets no more notices.</summary>
    public static Operation<NoRequest> Unwatch(TaskCalls tasks) => Of(
        tasks, "task_unwatch", "Sends an agent no more notices of a task", isWatching: false);

    private static Operation<NoRequest> Of(TaskCalls tasks, string name, string summary, bool isWatching) => new(
        name,
        Scope.TasksClaim,
        summary,
        NoRequest.Shape,
        Answers.Ok(TaskBody.Schema).Tagged().Or(ProblemKind.NotFound),
        async (_, call) => Fields.WrongAgent(call, call.Other, out var agent) is { } wrong
            ? wrong
            : await tasks.AskHomeAsync(
                call, task => new TaskRegistryCommand.WatchTask(task, new(agent), isWatching), call.Id(agent), tasks.AnswerAsync));
}
