using AgentCluster.Actors;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;
using Decision = AgentCluster.Actors.Decision<AgentCluster.Domain.TaskRegistry.TaskRegistryEvent>;

namespace AgentCluster.Domain.TaskRegistry.Deciding;

/// <summary>Ending claims whose holders have gone silent, or are gone.</summary>
/// <remarks>
/// A lease is a timer on the monotonic clock of the registry's node, armed in full at each sign of life that the registry
/// hears of itself. When it fires, the holder's Agent actor is asked for the age of the last sign that it knows of, for
/// example a heartbeat. A younger one renews the lease for the rest; an older one ends the claim. No answer ends nothing:
/// the timer is armed again and the question repeated. Only the answer to the last question counts, and questions are
/// soft, so an answer that crossed a fail-over or a renewal is passed over. Late, never early. A claim that a restore of the
/// store brought back is no promise to anybody: it lapses at once, unasked.
/// The word that an agent is gone may be overtaken by the agent, who is back and has claimed again; so it is asked about,
/// too, and the answer frees only what was granted before the question.
/// </remarks>
internal static class Lapsing
{
    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LastPatience = TimeSpan.FromHours(1);

    // Three events each, and one of its epic, so that a turn stays below 1,000.
    private const int Slice = 240;

    public static TimerKey Timer(TaskId task) => new("lease", task.Value);

    /// <summary>Arms a claim's lease in full.</summary>
    public static TimerChange Arm(TaskId task, Claim claim, int renewal) =>
        Arm(task, claim, renewal, claim.Lease);

    /// <summary>Ends a claim of an earlier generation.</summary>
    public static TimerChange Due(TaskId task, Claim claim, int renewal) => Arm(task, claim, renewal, TimeSpan.Zero);

    public static Decision Decide(TaskRegistryState state, LapseClaim lapse, in Turn turn)
    {
        if (Meant(state, lapse.Task, lapse.Token) is not { } task || task.Renewal != lapse.Renewal)
        {
            return Decision.Note();
        }

        if (lapse.Token.Generation < turn.Generation)
        {
            return Decision.Note(Working.Ended(task.Facts, ClaimEnd.Lapsed, "The store was put back to an earlier state.", retryable: true, turn))
                .With(new TimerChange.Cancel(Timer(lapse.Task)));
        }

        var agent = Kinds.AgentOf(task.Facts.Claim!.Agent);
        var question = Math.Max(turn.Uptime.Ticks, 1);
        var patience = FirstPatience * Math.Pow(2, Math.Min(lapse.Asked, 10));
        return Decision.Note()
            .Softly(new SignAsked(lapse.Task, lapse.Token, question))
            .Tell(new Message(agent, new AgentCommand.AskSign(state.Name, lapse.Task, lapse.Token, question)))
            .With(new TimerChange.Arm(
                Timer(lapse.Task),
                patience < LastPatience ? patience : LastPatience,
                lapse with { Asked = lapse.Asked + 1 }));
    }

    public static Decision Decide(TaskRegistryState state, TakeSignAge answer, in Turn turn)
    {
        if (Meant(state, answer.Task, answer.Token) is not { } task || task.Question != answer.Question)
        {
            return Decision.Note();
        }

        var claim = task.Facts.Claim!;
        return answer.Age < claim.Lease
            ? Decision.Note()
                .Softly(new ClaimRenewed(answer.Task, answer.Token, turn.Now - answer.Age))
                .With(Arm(answer.Task, claim, task.Renewal + 1, claim.Lease - answer.Age))
            : Decision.Note(Working.Ended(task.Facts, ClaimEnd.Lapsed, NoSign(claim), retryable: true, turn))
                .With(new TimerChange.Cancel(Timer(answer.Task)));
    }

    public static Decision Decide(TaskRegistryState state, FreeAgent gone, in Turn turn)
    {
        // Work that was handed in is its reviewer's now: it is decided on, whoever did it.
        var last = gone.UpTo ?? state.LastToken;
        List<TaskEntry> held =
            [.. state.Holders.Of(gone.Agent).Where(task => !task.Facts.IsInReview && task.Facts.Claim!.Token.Value <= last.Value)];
        if (gone.UpTo is null)
        {
            // Whoever comes back is watched anew from its next claim on.
            var forgotten = state.Holders.ProfileOf(gone.Agent) is null ? Decision.Note() : Decision.Note().Softly(new AgentForgotten(gone.Agent));
            return held.Count == 0
                ? forgotten
                : forgotten.Tell(new Message(Kinds.AgentOf(gone.Agent), new AgentCommand.AskGone(state.Name, last)));
        }

        List<TaskRegistryEvent> events = [];
        List<TimerChange> timers = [];
        foreach (var task in held.Take(Slice))
        {
            events.AddRange(Working.Ended(task.Facts, ClaimEnd.AgentGone, $"{gone.Agent} is gone.", retryable: true, turn));
            timers.Add(new TimerChange.Cancel(Timer(task.Id)));
        }

        var decision = Decision.Note([.. events]).With([.. timers]);
        return held.Count > Slice ? decision.Tell(new Message(Kinds.RegistryOf(state.Name), gone)) : decision;
    }

    private static string NoSign(Claim claim) => $"{claim.Agent} gave no sign of life for {claim.LeaseSeconds} s.";

    private static TimerChange.Arm Arm(TaskId task, Claim claim, int renewal, TimeSpan after) =>
        new(Timer(task), after, new LapseClaim(task, claim.Token, renewal, Asked: 0));

    private static TaskEntry? Meant(TaskRegistryState state, TaskId task, FencingToken token) =>
        state.Find(task) is { Facts: { Claim: { } claim, IsPaused: false } } found && claim.Token == token ? found : null;
}
