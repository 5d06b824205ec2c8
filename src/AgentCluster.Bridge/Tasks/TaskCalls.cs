using System.Diagnostics;
using AgentCluster.Actors;
using AgentCluster.Bridge.Agents;
using AgentCluster.Bridge.Ids;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Domain;
using AgentCluster.Domain.Queries;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Bridge.Tasks;

/// <summary>What the operations on tasks have in common: finding the registry, and showing what it answers.</summary>
/// <param name="actors">Sends commands.</param>
/// <param name="queries">Reads lists and details.</param>
/// <param name="homes">Knows each task's project.</param>
/// <param name="profiles">Knows each agent's registration.</param>
/// <param name="signs">Takes note of signs of life.</param>
/// <param name="ids">Mints ids.</param>
internal sealed class TaskCalls(
    IActorClient actors, TaskQueries queries, Homes homes, Profiles profiles, Signs signs, IIdSource ids)
{
    /// <summary>The project that a request means when it names none.</summary>
    public const string DefaultProject = "default";

    /// <summary>Reads lists and details.</summary>
    public TaskQueries Queries => queries;

    /// <summary>Reads conflicts.</summary>
    public required ConflictQueries Conflicts { get; init; }

    /// <summary>Knows each agent's registration.</summary>
    public Profiles Profiles => profiles;

    /// <summary>Takes note of signs of life.</summary>
    public Signs Signs => signs;

    /// <summary>A new id.</summary>
    public TaskId NewId() => new(ids.Next());

    /// <summary>Asks the registry of a project.</summary>
    /// <param name="project">Its name.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="id">Makes it take effect once; null for a read.</param>
    public ValueTask<TReply> AskAsync<TReply>(string project, ICommand<TReply> command, CommandId? id) =>

        // A client that goes away stops nothing: what it asked for may be done already, and the runtime bounds the waiting.
        actors.AskAsync(Kinds.RegistryOf(project), command, id, CancellationToken.None);

    /// <summary>The project of the task that the path names; null when there is no such task.</summary>
    /// <param name="call">The call; its subject is a ULID.</param>
    public ValueTask<string?> HomeAsync(Call call) => homes.FindAsync(call.Subject, call.Gone);

    /// <summary>Asks the registry of the task that the path names.</summary>
    /// <param name="call">The call.</param>
    /// <param name="command">Makes the command for the task.</param>
    /// <param name="id">Makes it take effect once; null for a read.</param>
    /// <param name="answer">Shows the reply.</param>
    public async ValueTask<Answer> AskHomeAsync<TReply>(
        Call call, Func<TaskId, ICommand<TReply>> command, CommandId? id, Func<TReply, ValueTask<Answer>> answer) =>
        await HomeAsync(call) is { } project
            ? await answer(await AskAsync(project, command(new(call.Subject)), id))
            : Problem.NotFound("task", call.Subject);

    /// <summary>Takes note of a sign of life of whoever holds the task that the path names.</summary>
    /// <param name="call">The call.</param>
    /// <param name="token">As sent by the holder, and found right.</param>
    public async ValueTask HolderSeenAsync(Call call, long token)
    {
        try
        {
            if (await HomeAsync(call) is { } project)
            {
                await signs.HolderSeenAsync(Kinds.RegistryOf(project), call.Subject, token);
            }
        }
        catch (Exception away) when (away is ActorUnavailableException or OutcomeUnknownException or StoreUnavailableException)
        {
            // A sign of life may be lost. What the holder asked for took effect, and must not be told as not done.
        }
    }

    /// <summary>A task with its detail, as a command has left it.</summary>
    /// <param name="task">As its registry shows it.</param>
    /// <exception cref="OutcomeUnknownException">
    /// The detail cannot be read now. The command took effect all the same, so "not done" would be a lie; a repeat with
    /// the same key is answered in full.
    /// </exception>
    public async ValueTask<TaskBody> ShowDoneAsync(TaskView task)
    {
        try
        {
            return await ShowAsync(task);
        }
        catch (StoreUnavailableException away)
        {
            throw new OutcomeUnknownException(Kinds.RegistryOf(task.Project), $"the detail of task {task.Id} could not be read afterwards: {away.Message}");
        }
    }

    /// <summary>A task with its detail, as it was read.</summary>
    /// <param name="task">As its registry shows it.</param>
    /// <exception cref="StoreUnavailableException">The detail cannot be read now.</exception>
    public async ValueTask<TaskBody> ShowAsync(TaskView task)
    {
        Learn(task);
        return new(task, task.HasDetail ? await queries.DetailAsync(task.Id, CancellationToken.None) : TaskDetail.None);
    }

    /// <summary>A task whose detail is at hand.</summary>
    /// <param name="task">As its registry shows it.</param>
    /// <param name="detail">As it was sent.</param>
    public TaskBody Show(TaskView task, TaskDetail detail)
    {
        Learn(task);
        return new(task, detail);
    }

    /// <summary>The answer to what a holder said as it ended its claim: a sign of life.</summary>
    /// <param name="call">The call.</param>
    /// <param name="token">As sent.</param>
    /// <param name="reply">The registry's.</param>
    public ValueTask<Answer> EndedAsync(Call call, long token, TaskReply reply)
    {
        if (reply is TaskReply.Found)
        {
            signs.HolderSeen(call.Subject, token);
        }

        return AnswerAsync(reply);
    }

    /// <summary>The answer to a command about one task.</summary>
    /// <param name="reply">Its registry's.</param>
    public async ValueTask<Answer> AnswerAsync(TaskReply reply) => reply switch
    {
        TaskReply.Found found => Answer.Ok(await ShowDoneAsync(found.Task)),
        TaskReply.Refused refused => Refusals.Problem(refused.Why),
        _ => throw new UnreachableException($"Untranslated reply {reply.GetType().Name}."),
    };

    /// <summary>The answer to a claim.</summary>
    /// <param name="reply">Its registry's.</param>
    public async ValueTask<Answer> AnswerAsync(ClaimReply reply) => reply switch
    {
        ClaimReply.Granted granted => Answer.Ok(new ClaimBody(await ShowDoneAsync(granted.Task))),
        ClaimReply.NothingReady => Answer.Nothing,
        ClaimReply.Refused refused => Refusals.Problem(refused.Why),
        _ => throw new UnreachableException($"Untranslated reply {reply.GetType().Name}."),
    };

    private void Learn(TaskView task)
    {
        homes.Learn(task.Id.Value, task.Project);
        if (task.Claim is { } claim)
        {
            signs.Learn(task.Id.Value, claim);
        }
    }
}
