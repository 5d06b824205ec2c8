using System.Text;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Domain.TaskRegistry;

/// <summary>An event that is about one task.</summary>
internal interface IOfTask
{
    TaskId Task { get; }
}

/// <summary>An event that is about one epic.</summary>
internal interface IOfEpic
{
    EpicId Epic { get; }
}

/// <summary>Who follows what, and hears of an event: the task, its epic, and the agents that it concerns.</summary>
internal static class Channels
{
    /// <summary>Of an event that was just decided and is not applied yet: a claim that it ends is still there.</summary>
    public static string Of(TaskRegistryState state, TaskRegistryEvent happened)
    {
        TaskId? task = happened is IOfTask ofTask ? ofTask.Task : null;
        var facts = task is { } id ? state.Find(id)?.Facts : null;
        StringBuilder channels = new(96);
        Add(channels, "task:", task?.Value);
        var (before, after) = (facts?.Spec.EpicId, EpicOf(happened));
        Add(channels, "epic:", (after ?? before)?.Value);
        if (after is not null && before != after)
        {
            Add(channels, "epic:", before?.Value);
        }

        var (holder, other) = (facts?.Claim?.Agent, AgentOf(happened));
        Add(channels, "agent:", holder?.Value);
        if (other != holder)
        {
            Add(channels, "agent:", other?.Value);
        }

        return channels.ToString();
    }

    private static void Add(StringBuilder channels, string kind, string? name)
    {
        if (name is not null)
        {
            channels.Append(channels.Length == 0 ? "" : "\n").Append(kind).Append(name);
        }
    }

    /// <summary>The epic that an event names: its own, or the one that its task is put under.</summary>
    private static EpicId? EpicOf(TaskRegistryEvent happened) => happened switch
    {
        IOfEpic ofEpic => ofEpic.Epic,
        TaskCreated created => created.Spec.EpicId,
        TaskImported imported => imported.Spec.EpicId,
        TaskReimported again => again.Spec.EpicId,
        TaskEdited edited => edited.Patch.EpicId,
        _ => null,
    };

    /// <summary>The agent that an event concerns beside the one that holds the task.</summary>
    private static AgentId? AgentOf(TaskRegistryEvent happened) => happened switch
    {
        TaskClaimed claimed => claimed.Agent,
        TaskWatched watched => watched.Agent,
        TaskUnwatched unwatched => unwatched.Agent,
        CompletionSubmitted submitted => submitted.Reviewer,
        CompletionReturned returned => returned.Reviewer,
        _ => null,
    };
}
