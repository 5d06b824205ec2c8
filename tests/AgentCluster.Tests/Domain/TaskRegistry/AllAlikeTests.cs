using AgentCluster.Domain;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.TaskRegistry.Rows;
using AgentCluster.Domain.Tasks;
using AgentCluster.TestKit.Simulation;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;

namespace AgentCluster.Tests.Domain.TaskRegistry;

/// <summary>
/// Goal: the fold of all events, the rows, the memory and a recovered memory are one. Method: random commands of every
/// sort with right, old and made-up tokens, recoveries in between; the four are compared after each turn or at the end.
/// </summary>
public sealed class AllAlikeTests : TaskRegistrySpec
{
    private readonly List<TaskId> _tasks = [];
    private readonly List<EpicId> _epics = [];
    private readonly List<(TaskId Task, FencingToken Token)> _tokens = [];
    private readonly HashSet<TaskId> _deleted = [];

    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1, 20).Select(seed => (ulong)seed)];

    // Broken on purpose, each seen to fail: Touch left out of TellDependants; DependsOn left out of the task's row;
    // a soft renewal shown in the row.
    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_fold_the_rows_and_the_memory_are_one(ulong seed)
    {
        SeededRandom random = new(seed);
        var last = 0L;
        for (var step = 0; step < 200; step++)
        {
            Pass(TimeSpan.FromSeconds(random.Next(5)));
            Step(random);
            if (random.Once(25))
            {
                Recover();
            }

            if (step % 20 == 0)
            {
                ExpectAllAlike();
                _epics.ForEach(ExpectCounted);
            }

            foreach (var (_, token) in _tokens.TakeLast(1))
            {
                Assert.True(token.Value >= last, $"Token {token} after {last}.");
                last = token.Value;
            }
        }

        ExpectAllAlike();
        Assert.Equal(_tokens.Count, _tokens.Select(each => each.Token).Distinct().Count());
    }

    private void Step(SeededRandom random)
    {
        switch (random.Next(22))
        {
            case < 3:
                TaskId[] dependsOn = [.. _tasks.Where(task => !_deleted.Contains(task) && random.Once(10)).Take(4)];
                var hasDetail = random.Once(2);
                EpicId? epic = _epics.Count > 0 && random.Once(2) ? _epics[^1] : null;
                var detailed = Examples.Spec with { ManualAssignment = false, RequiredCapabilities = [], Detail = Detail(random) };
                _tasks.Add(Create(spec => (hasDetail ? detailed : spec) with { EpicId = epic }, dependsOn));
                break;
            case < 5:
                Remember(When(new ClaimNext(By(random.Once(2) ? Ada : Grace, 20, "backend"), Lease)).Reply);
                break;
            case 5 when _tasks.Count > 0:
                Remember(When(new ClaimTask(Any(random), By(Grace), Lease)).Reply);
                break;
            case 6 when _tokens.Count > 0:
                var (progressed, token) = AnyToken(random);
                When(new ReportProgress(
                    progressed, token, random.Next(101), random.Once(2) ? "noted" : null, random.Once(2) ? Examples.Cost : null));
                break;
            case 7 when _tokens.Count > 0:
                var (completed, last) = AnyToken(random);
                if (When(new CompleteTask(completed, last, "Done.", random.Once(2) ? Examples.Evidence : null, Met, random.Once(3) ? Examples.Cost : null, new(null, null, Lease))).Reply
                    is CompleteReply.Completed { Next: { Claim: { } claim } next })
                {
                    _tokens.Add((next.Id, claim.Token));
                }

                break;
            case 8 when _tokens.Count > 0:
                var (failed, failing) = AnyToken(random);
                When(new FailTask(failed, failing, "Broken.", random.Once(2)));
                break;
            case 9 when _tokens.Count > 0:
                var (lapsed, lapsing) = AnyToken(random);
                WhenTold(new LapseClaim(lapsed, lapsing, random.Next(2), 0));
                WhenTold(new TakeSignAge(lapsed, lapsing, Uptime.Ticks, TimeSpan.FromSeconds(random.Next(2 * Lease))));
                break;
            case 10 when _tasks.Count > 0:
                When(new CancelTask(Any(random), random.Once(2) ? "why not" : null));
                break;
            case 12 when random.Once(2):
                _epics.Add(CreateEpic(spec => random.Once(2) ? spec : spec with { Budget = new(Tokens: 3_000) }));
                break;
            case 13 when _epics.Count > 0:
                When(new ChangeEpic(AnyEpic(random), new() { Title = $"Epic {random.Next(3)}", Budget = new(new Budget(Tokens: random.Next(9_000))) }, null));
                break;
            case 14 when _epics.Count > 1 && random.Once(4):
                When(new CancelEpic(_epics[random.Next(_epics.Count - 1)], null, null));
                break;
            case 15 when _epics.Count > 1 && random.Once(6):
                When(new DeleteEpics([_epics[random.Next(_epics.Count - 1)]]));
                break;
            case 11 when random.Once(4):
                WhenTold(new FreeAgent(random.Once(2) ? Ada : Grace, State.LastToken));
                break;
            case 16 when _tokens.Count > 0:
                var (parked, parking) = AnyToken(random);
                When(new RequireInput(parked, parking, "Well?"));
                break;
            case 17 when Tasks(facts => facts.Status == WorkStatus.InputRequired) is { Count: > 0 } waiting:
                When(new AnswerInput(waiting[random.Next(waiting.Count)], "So.", random.Once(2) ? Grace : null));
                break;
            case 18 when Tasks(facts => facts.IsInReview) is { Count: > 0 } handedIn:
                When(new ReviewTask(handedIn[random.Next(handedIn.Count)], Grace, random.Once(2), random.Once(2) ? ["Not yet."] : []));
                break;
            case 19 when _tasks.Count > 0 && random.Once(4):
                TaskId[] deleted = [.. Enumerable.Range(0, 1 + random.Next(2)).Select(_ => Any(random)).Distinct()];
                When(new DeleteTasks([.. deleted, NewId()]));
                _deleted.UnionWith(deleted);
                break;
            case 20 when _tasks.Count > 0:
                When(new WatchTask(Any(random), random.Once(2) ? Ada : Grace, random.Once(2)));
                break;
            case 21 when _tasks.Count > 0:
                var changed = Any(random);
                When(new EditTask(changed, Patch(random, State.Find(changed)?.Facts.LastToken.Value == 0), random.Once(3) ? [Any(random)] : null, random.Once(5) ? 3 : null, Ada));
                break;
        }
    }

    /// <summary>Where an epic stands, and its numbers, as its tasks say.</summary>
    private void ExpectCounted(EpicId id)
    {
        var tasks = Rows.Values.Where(row => row.Key.Table == "task").Select(TaskRow.Read).Where(task => task.Spec.EpicId == id).ToList();
        var epic = ReadEpic(id);
        Assert.All(
            Enum.GetValues<WorkStatus>().Where(status => status != WorkStatus.Deleted),
            status => Assert.Equal(tasks.Count(task => task.Shown == status), epic.Counts.Of(status)));
        Assert.Equal(tasks.Aggregate(Cost.None, (sum, task) => sum.Plus(task.Cost)), epic.Cost);
        tasks.RemoveAll(task => task.Status == WorkStatus.Deleted);
        Assert.Equal(
            tasks.Count == 0 || epic.Status is EpicStatus.Cancelled or EpicStatus.Deleted ? epic.Status
            : tasks.Exists(task => task.IsOpen)
                ? (tasks.Exists(task => task.LastToken.Value > 0) ? EpicStatus.Active : epic.StartedAt is null && epic.Status != EpicStatus.Active ? EpicStatus.Planning : EpicStatus.Active)
            : tasks.Exists(task => task.Status == WorkStatus.Failed) ? EpicStatus.Failed
            : EpicStatus.Completed,
            epic.Status);
    }

    private EpicId AnyEpic(SeededRandom random) => _epics[random.Next(_epics.Count)];

    private static ValueList<CriterionAnswer> Met => [.. Enumerable.Range(0, Examples.Spec.Detail.AcceptanceCriteria.Count).Select(index => new CriterionAnswer(index, true))];

    private static TaskDetail Detail(SeededRandom random) => Examples.Spec.Detail with
    {
        Reviewer = random.Once(2) ? Grace : null,
        AcceptanceCriteria = random.Once(2) ? Examples.Spec.Detail.AcceptanceCriteria : [],
        RequiredEvidence = random.Once(2) ? ["files"] : [],
    };

    private TaskPatch Patch(SeededRandom random, bool isNew) => random.Next(7) switch
    {
        0 => new() { Title = "See #7", Priority = (Priority)random.Next(5) },
        1 => new() { Description = "See group/app!8 and #7", Note = "as said" },
        2 => new() { Cleared = TaskFields.Description | TaskFields.Reviewer },
        3 => new() { EpicId = isNew && _epics.Count > 0 ? AnyEpic(random) : null, MaxAttempts = 1 + random.Next(4), ManualAssignment = random.Once(2) },
        4 => new() { Cleared = TaskFields.EpicId | TaskFields.Deadline, Tags = ["moved"] },
        5 => new() { Reviewer = random.Once(2) ? Grace : Ada, AcceptanceCriteria = ["Again"] },
        _ => new() { RequiredCapabilities = random.Once(2) ? ["backend"] : [] },
    };

    private List<TaskId> Tasks(Func<TaskFacts, bool> are) => [.. State.Tasks.Where(task => are(task.Facts)).Select(task => task.Id)];

    private TaskId Any(SeededRandom random) => _tasks[random.Next(_tasks.Count)];

    private (TaskId Task, FencingToken Token) AnyToken(SeededRandom random) => random.Once(3)
        ? (_tokens[random.Next(_tokens.Count)].Task, new(random.Next(1_000)))
        : _tokens[random.Once(2) ? _tokens.Count - 1 : random.Next(_tokens.Count)];

    private void Remember(ClaimReply reply)
    {
        if (reply is ClaimReply.Granted { Task: { Claim: { } claim } task })
        {
            _tokens.Add((task.Id, claim.Token));
        }
    }
}
