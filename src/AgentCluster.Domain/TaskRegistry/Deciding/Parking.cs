using AgentCluster.Actors;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.TaskRegistry.TaskRegistryEvent>;

namespace AgentCluster.Domain.TaskRegistry.Deciding;

/// <summary>Tasks that wait for a human: parked by their holder, sent on by an answer.</summary>
internal static class Parking
{
    public static Decision Decide(TaskRegistryState state, RequireInput require, in Turn turn)
    {
        if (Lookup.Load(state, require.Task, turn) is { } load)
        {
            return load;
        }

        var task = state.Find(require.Task);
        if (Lookup.Refuse(task, require.Task, require.Token, WorkStatus.InputRequired, turn) is { } refusal)
        {
            return Decision.Answer(require, new TaskReply.Refused(refusal));
        }

        var facts = task!.Facts;
        if (facts.IsPaused)
        {
            return Decision.Answer(require, new TaskReply.Refused(new TaskRefusal.InvalidTransition(
                facts.Status,
                WorkStatus.InputRequired,
                facts.IsInReview ? $"It was handed in and waits for {facts.Review!.Reviewer}'s review." : "It waits for an answer already.")));
        }

        InputRequired required = new(require.Task, require.Token, require.Question, turn.Now);
        return Pause(
            Decision.Answer(require, new TaskReply.Found(facts.After(required).View(state.Name, default)), required),
            require.Task,
            require.Token,
            turn);
    }

    public static Decision Decide(TaskRegistryState state, AnswerInput answer, in Turn turn)
    {
        if (Lookup.Load(state, answer.Task, turn) is { } load)
        {
            return load;
        }

        if (state.Find(answer.Task) is not { } task)
        {
            return Decision.Answer(answer, new TaskReply.Refused(new TaskRefusal.NotFound(answer.Task)));
        }

        var facts = task.Facts;
        if (facts.Status != WorkStatus.InputRequired)
        {
            return Decision.Answer(answer, new TaskReply.Refused(new TaskRefusal.InvalidTransition(
                facts.Shown, WorkStatus.Running, "It waits for no answer.")));
        }

        InputAnswered answered = new(answer.Task, answer.Answer, turn.Now, answer.By);
        return Resume(
            Decision.Answer(answer, new TaskReply.Found(facts.After(answered).View(state.Name, default)), answered), task, turn);
    }

    /// <summary>Stops the lease. The sign of life that goes with it makes every question about the lease so far an old one.</summary>
    public static Decision Pause(Decision decision, TaskId task, FencingToken token, in Turn turn) => decision
        .Softly(new ClaimRenewed(task, token, turn.Now))
        .With(new TimerChange.Cancel(Lapsing.Timer(task)));

    /// <summary>Starts the lease again in full, when there is a claim; one of an earlier generation has none left.</summary>
    public static Decision Resume(Decision decision, TaskEntry task, in Turn turn) => task.Facts.Claim is { } claim
        ? decision
            .Softly(new ClaimRenewed(task.Id, claim.Token, turn.Now))
            .With(claim.Token.Generation < turn.Generation
                ? Lapsing.Due(task.Id, claim, task.Renewal + 1)
                : Lapsing.Arm(task.Id, claim, task.Renewal + 1))
        : decision;
}
