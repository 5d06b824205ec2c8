using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.ConflictDetector;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using AgentCluster.Simulation.Runs;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;

namespace AgentCluster.Simulation.Oracles;

/// <summary>
/// What an answer promises is so in the journal. S5: who was told that a claim is ended brought the token that ended it. E2:
/// what was answered to be called off is. V1: a change at a version was made at that version. C1: each reported cost counts.
/// </summary>
internal sealed class PromiseOracle(JournalOracle journal)
{
    private readonly Dictionary<string, (TaskId Task, Cost Cost)> _costs = [];

    /// <summary>Whether a command that was answered like this has written something, so that it is remembered.</summary>
    public static bool HasEffect(ICommand command, object reply) => (command, reply) switch
    {
        (_, CreateReply.Created or ClaimReply.Granted or CompleteReply.Completed) => true,
        (ReportProgress { Percent: null, Note: null, Cost: null }, _) => false,
        (_, ProgressReply.Noted { CancelRequested: false }) => true,
        (RequireInput or AnswerInput or ReviewTask or FailTask or ReleaseTask, TaskReply.Found) => true,
        (CreateEpic, EpicReply.Found) => true,
        (_, RegisterReply.Registered { HandleIsNew: true }) => true,
        (_, ReserveReply.Granted or ReserveReply.Refused) => true,
        (DetectorCommand.ReleaseReservation, ReservationReply.Found) => true,
        (_, MailReply.Put or SendReply.Sent or DelegateReply.Requested or DelegationReply.Found) => true,
        _ => false,
    };

    /// <summary>An answer of this generation was heard.</summary>
    /// <param name="id">Of the row that remembers the command.</param>
    /// <param name="command">As it was asked.</param>
    /// <param name="reply">As it was answered.</param>
    public void Heard(string id, ICommand command, object reply)
    {
        switch (command, reply)
        {
            case (CompleteTask e, CompleteReply.Completed):
                OnlyTheHolder(e.Task, e.Token);
                Spent(id, e.Task, e.Cost);
                break;
            case (ReleaseTask e, TaskReply.Found):
                OnlyTheHolder(e.Task, e.Token);
                break;
            case (FailTask e, TaskReply.Found):
                OnlyTheHolder(e.Task, e.Token);
                break;
            case (ReportProgress e, ProgressReply.Noted { CancelRequested: false }):
                Spent(id, e.Task, e.Cost);
                break;
            case (CancelEpic e, EpicReply.Found):
                CalledOff(e.Epic);
                break;
            case (DeleteEpic e, EpicReply.Found):
                CalledOff(e.Epic);
                break;
            case (DeleteEpics, EpicsReply.Deleted deleted):
                deleted.Epics.ToList().ForEach(CalledOff);
                break;
            case (EditTask { ExpectedVersion: { } seen } e, TaskReply.Found found):
                OneMore($"{e.Task}", seen, found.Task.Version);
                break;
            case (ChangeEpic { Version: { } seen } e, EpicReply.Found found):
                OneMore($"{e.Epic}", seen, found.Epic.Version);
                break;
        }
    }

    /// <summary>In the end: what was reported and answered is part of what its task costs.</summary>
    public void End()
    {
        foreach (var task in _costs.Where(told => journal.HasCommand(told.Key)).GroupBy(told => told.Value.Task))
        {
            var (told, cost) = (task.Sum(each => each.Value.Cost.ActualTokens), journal.Work.Tasks[task.Key].Tokens);
            if (cost < told)
            {
                throw new ViolationException("C1 cost", $"{told} tokens of {task.Key} were reported and answered, and the journal has {cost}");
            }
        }
    }

    private void OnlyTheHolder(TaskId task, FencingToken token)
    {
        if (!journal.Claims.WasEndedWith(task, token))
        {
            throw new ViolationException("S5 token", $"{task} was ended for one who brought token {token}, and the journal knows of no such end");
        }
    }

    private void Spent(string id, TaskId task, Cost? cost)
    {
        if (cost is not null)
        {
            _costs[id] = (task, cost);
        }
    }

    private void CalledOff(EpicId epic)
    {
        if (!journal.Epics.IsClosed(epic))
        {
            throw new ViolationException("E2 called-off", $"{epic} was answered to be called off, and the journal knows nothing of it");
        }
    }

    /// <summary>The workload's changes change something each time, so they count one version each.</summary>
    private static void OneMore(string what, long seen, long now)
    {
        if (now != seen + 1)
        {
            throw new ViolationException("V1 version", $"{what} was changed for one who had seen version {seen}, and is at {now} by that");
        }
    }
}
