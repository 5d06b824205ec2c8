using System.Reflection;
using System.Text;
using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Audit;
using AgentCluster.Domain.ConflictDetector;
using AgentCluster.Domain.Conflicts;
using AgentCluster.Domain.Delegations;
using AgentCluster.Domain.Keys;
using AgentCluster.Domain.Mailboxes;
using AgentCluster.Domain.Repositories;
using AgentCluster.Domain.Policies;
using AgentCluster.Domain.Reservations;
using AgentCluster.Domain.ResourcePool;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Epics;
using AgentCluster.Domain.Tasks;
using AgentCluster.Domain.Worktrees;
using AgentCluster.Tests.Domain.TaskRegistry;

namespace AgentCluster.Tests.Domain;

/// <summary>
/// What lies on disk: one approved example of each named event, message and reply. A changed shape shows as a changed
/// file; a new name needs a new example.
/// </summary>
public sealed class WireTests
{
    private static readonly AgentId Ada = new("ada"), Grace = new("grace");
    private static readonly FencingToken Token = new((1L << 40) + 7);
    private static readonly AgentProfile Profile = new()
    {
        Name = "Ada",
        Roles = ["QA"],
        Capabilities = ["sql"],
        Kind = "mcp",
        MaxConcurrent = 3,
        HeartbeatTtlSeconds = 30,
        Metadata = new("{\"team\":1}"),
    };

    private static readonly TaskView View = new()
    {
        Id = Examples.Task,
        Project = "apollo",
        Spec = Examples.Spec with { Detail = TaskDetail.None },
        HasDetail = true,
        Status = WorkStatus.Running,
        DependsOn = [new(Examples.OtherTask, DependencyState.Satisfied)],
        Attempt = 1,
        Percent = 40,
        Claim = new(Ada, Token, Examples.At, 1_800, IsPaused: true),
        Assignee = "ada",
        Cost = Examples.Cost,
        Outcome = new(Examples.At, "Done.", Examples.Evidence, [new(0, true, "yes")], Grace),
        Reason = "Broken.",
        Inquiry = new("Which one?", Examples.At, "The other.", Examples.At, Grace),
        Review = new(Grace, ReviewState.Pending, Examples.At, ["Not yet."], new(Examples.At, "Done.")),
        Watchers = [Grace],
        Source = new("beads", "bd-1"),
        Version = 9,
        CreatedAt = Examples.At,
        UpdatedAt = Examples.At,
    };

    private static readonly TaskPatch Patch = new()
    {
        Cleared = TaskFields.Deadline | TaskFields.EpicId,
        Title = "Parser",
        Type = "bug",
        Tags = ["a"],
        Priority = Priority.P0,
        RequiredCapabilities = ["sql"],
        ManualAssignment = false,
        MaxAttempts = 2,
        Assignee = "grace",
        Description = "Short.",
        AcceptanceCriteria = ["It parses"],
        Files = ["a.cs"],
        Requirements = new("{}"),
        Metadata = new("{}"),
        Reviewer = Grace,
        RequiredEvidence = ["files"],
        References = ["#1"],
        EstimatedCost = Examples.Cost,
        WorkflowId = "w",
        WorkflowSlug = "s",
        WorkflowSource = "f",
        ExecutionId = "e",
        Note = "Begin there.",
    };

    private static readonly object[] Registry =
    [
        new TaskRegistryEvent.TaskCreated(Examples.Task, Examples.Spec, 3, Examples.At, [new(Examples.OtherTask, DependencyState.Open)]),
        new TaskRegistryEvent.TaskClaimed(Examples.Task, Ada, Token, 1_800, Examples.At, new(2, 3)),
        new TaskRegistryEvent.TaskProgressed(Examples.Task, Token, Examples.At, 40, "Halfway", Examples.Cost),
        new TaskRegistryEvent.TaskCompleted(Examples.Task, Token, View.Outcome!, Examples.Cost),
        new TaskRegistryEvent.ClaimEnded(Examples.Task, Token, ClaimEnd.Released, Examples.At, "Too tired."),
        new TaskRegistryEvent.TaskFailed(Examples.Task, Examples.At),
        new TaskRegistryEvent.TaskCancelled(Examples.Task, Examples.At, "Not needed."),
        new TaskRegistryEvent.TaskImported(
            Examples.Task, new("beads", "bd-1"), -5, Examples.Spec, WorkStatus.InputRequired, 4, Examples.At, Examples.At, [new(Examples.OtherTask, DependencyState.Dangling)]),
        new TaskRegistryEvent.TaskReimported(
            Examples.Task, -6, Examples.Spec, WorkStatus.Completed, Examples.At, [new(Examples.OtherTask, DependencyState.Cancelled)]),
        new TaskRegistryEvent.TaskAdopted(Examples.Task, Examples.Epic),
        new TaskRegistryEvent.EpicImported(Examples.Epic, Examples.Task, "Parser", EpicStatus.Active, Examples.At, Examples.At),
        new TaskRegistryEvent.EpicCreated(Examples.Epic, Examples.EpicSpec, Examples.At),
        new TaskRegistryEvent.EpicChanged(Examples.Epic, Examples.EpicSpec, Examples.At),
        new TaskRegistryEvent.EpicStarted(Examples.Epic, Examples.At),
        new TaskRegistryEvent.EpicEnded(Examples.Epic, EpicStatus.Failed, Examples.At),
        new TaskRegistryEvent.EpicReopened(Examples.Epic, Examples.At),
        new TaskRegistryEvent.EpicCancelled(Examples.Epic, Examples.At, "Not needed."),
        new TaskRegistryEvent.EpicDeleted(Examples.Epic, Examples.At),
        new TaskRegistryEvent.EpicBudgetExhausted(Examples.Epic, new(1_000, 2.5m), Examples.Cost, Examples.At),
        new TaskRegistryCommand.SweepEpics(),
        new EpicReply.Found(Examples.EpicView),
        new EpicReply.Refused(new TaskRefusal.EpicTransition(Examples.Epic, EpicStatus.Completed, EpicStatus.Cancelled)),
        new EpicsReply.Deleted([Examples.Epic], [new("01KDWYX300000000000000000F")]),
        new TaskRegistryEvent.InputRequired(Examples.Task, Token, "Which one?", Examples.At),
        new TaskRegistryEvent.InputAnswered(Examples.Task, "The other.", Examples.At, Grace),
        new TaskRegistryEvent.ClaimTied(Examples.Task, Token, "apollo", Examples.At),
        new TaskRegistryCommand.TieToClaim(Examples.Task, Token, "apollo"),
        new TaskRegistryEvent.ResourcesTied(Examples.Task, Examples.At),
        new TaskRegistryCommand.TieResources(Examples.Task, new("01KDWYX300000000000000000A"), Token),
        new TaskRegistryEvent.WorkLimited(5, Examples.At),
        new TaskRegistryCommand.LimitWork(5),
        new TaskRegistryEvent.Escalated(Examples.Task, 3, Examples.At),
        new TaskRegistryEvent.CompletionSubmitted(Examples.Task, Token, Grace, View.Outcome!, Examples.At),
        new TaskRegistryEvent.CompletionReturned(Examples.Task, Token, Grace, Examples.At, ["Not yet."]),
        new TaskRegistryEvent.TaskEdited(Examples.Task, Patch, Examples.At, [new(Examples.OtherTask, DependencyState.Open)], Ada),
        new TaskRegistryEvent.TaskDeleted(Examples.Task, Examples.At),
        new TaskRegistryEvent.TaskWatched(Examples.Task, Grace, Examples.At),
        new TaskRegistryEvent.TaskUnwatched(Examples.Task, Grace, Examples.At),
        new TaskRegistryCommand.LapseClaim(Examples.Task, Token, 2, 1),
        new TaskRegistryCommand.TakeSignAge(Examples.Task, Token, 17, TimeSpan.FromSeconds(1.5)),
        new TaskRegistryCommand.FreeAgent(Ada, Token),
        new CreateReply.Created([View]),
        new CreateReply.Refused(new TaskRefusal.DependencyCycle([Examples.Task, Examples.OtherTask])),
        new ClaimReply.Granted(View),
        new ClaimReply.NothingReady(new(ReasonCode.MaxConcurrent, "Holds 3.")),
        new ClaimReply.Refused(new TaskRefusal.NotReady([new(ReasonCode.DependencyOpen, "Not yet.", Examples.OtherTask), new(ReasonCode.MissingCapability, "Lacks ui.", null, ["ui"])])),
        new ProgressReply.Noted(Examples.At, true),
        new ProgressReply.Refused(new TaskRefusal.ClaimSuperseded(null, Token)),
        new CompleteReply.Completed(View, View),
        new CompleteReply.Refused(new TaskRefusal.InvalidTransition(WorkStatus.Cancelled, WorkStatus.Completed)),
        new TaskReply.Found(View),
        new TaskReply.Refused(new TaskRefusal.AlreadyClaimed(Ada, Examples.At)),
        new DeleteReply.Done([Examples.Task], [Examples.OtherTask]),
        new TaskRegistryCommand.CreateTasks([new(Examples.Task, Examples.Spec, [Examples.OtherTask])]),
        new TaskRegistryCommand.ClaimTask(Examples.Task, new(Ada, new(3, ["sql"]), ["ui"]), 1_800),
        new TaskRegistryCommand.ClaimNext(new(Ada, new(3, ["sql"]), []), 1_800),
        new TaskRegistryCommand.ReportProgress(Examples.Task, Token, 40, "Halfway", Examples.Cost),
        new TaskRegistryCommand.CompleteTask(
            Examples.Task, Token, "Done.", Examples.Evidence, [new(0, true, "yes")], Examples.Cost, new(new(3, ["sql"]), ["ui"], 60)),
        new TaskRegistryCommand.FailTask(Examples.Task, Token, "Broken.", Retryable: true),
        new TaskRegistryCommand.ReleaseTask(Examples.Task, Token, "Too tired."),
        new TaskRegistryCommand.CancelTask(Examples.Task, "Not needed."),
        new TaskRegistryCommand.ReadTask(Examples.Task),
        new TaskRegistryCommand.ListAvailable(["sql"], 20, 40),
        new TaskRegistryCommand.ImportRows(
            "beads",
            [new(Examples.Task, "bd-1", -5, Examples.Spec, WorkStatus.Pending, [Examples.OtherTask], Examples.Epic, Examples.Epic, Examples.At, Examples.At)],
            [new(Examples.Epic, Examples.EpicSpec, IsCancelled: true, Examples.At)]),
        new TaskRegistryCommand.AdoptTasks(Examples.Epic, [Examples.Task]),
        new TaskRegistryCommand.EditTask(Examples.Task, Patch, [Examples.OtherTask], 4, Ada),
        new TaskRegistryCommand.DeleteTasks([Examples.Task]),
        new TaskRegistryCommand.WatchTask(Examples.Task, Grace, IsWatching: true),
        new TaskRegistryCommand.ExplainTask(Examples.Task, new(Ada, new(3, ["sql"]), ["ui"])),
        new TaskRegistryCommand.CreateEpic(Examples.Epic, Examples.EpicSpec),
        new TaskRegistryCommand.ChangeEpic(
            Examples.Epic,
            new()
            {
                Title = "Parser",
                Status = EpicStatus.Cancelled,
                Tags = ["a"],
                Priority = Priority.P0,
                Description = new("Short."),
                Budget = new(new(1_000, 2.5m)),
                WorkflowId = new(null),
                UserProfileId = new("u"),
                ResultSummary = new("It parses."),
                Metadata = new(new("{\"n\":1}")),
            },
            7),
        new TaskRegistryCommand.CancelEpic(Examples.Epic, "Not needed.", 7),
        new TaskRegistryCommand.DeleteEpic(Examples.Epic, 7),
        new TaskRegistryCommand.DeleteEpics([Examples.Epic]),
        new TaskRegistryCommand.ReadEpic(Examples.Epic),
        new TaskRegistryCommand.RequireInput(Examples.Task, Token, "Which one?"),
        new TaskRegistryCommand.AnswerInput(Examples.Task, "The other.", Grace),
        new TaskRegistryCommand.ReviewTask(Examples.Task, Grace, Accept: false, ["Not yet."]),
        new WhyReply.Explained(true, false, [new(ReasonCode.DependencyOpen, "Not yet.", Examples.OtherTask)], new(Ada, Examples.At, Priority.P1, Examples.At, new(2, 3))),
        new WhyReply.Refused(new TaskRefusal.NotFound(Examples.Task)),
        new AvailableReply([View], 7),
        new ImportReply(1, 2, 3, [new(Examples.Task, Examples.OtherTask, [Examples.Task])], [new(Examples.Task, Examples.OtherTask)], [new(Examples.Task, Examples.Epic)]),
    ];

    private const string MailId = "01KDWYX300000000000000000M";

    private static readonly Delegation Work = new(
        new("01KDWYX300000000000000000D"),
        Ada,
        new(Grace, 60)
        {
            Role = "QA",
            Choice = "Nobody else.",
            Task = Examples.Task,
            Parent = new("01KDWYX300000000000000000E"),
            Chain = ["alan", "ada", "grace"],
        })
    {
        Subject = "Tests",
        Status = DelegationStatus.InProgress,
        Progress = 40,
        Note = "Halfway",
        HasResult = true,
        CreatedAt = Examples.At,
        UpdatedAt = Examples.At,
    };

    private static readonly Mail Mail = new(
        MailKind.Result, new("All green.") { Subject = "Tests", Note = "Done.", Data = new("{\"n\":1}"), References = ["#1"] })
    {
        From = Grace,
        ThreadId = "t",
        Importance = Importance.High,
        AckRequired = true,
        Delegation = Work.Id,
        Status = DelegationStatus.Completed,
        Task = Examples.Task,
    };

    private static readonly object[] Agent =
    [
        new AgentEvent.AgentRegistered(Profile, Examples.At),
        new AgentEvent.AgentUpdated(Profile, Examples.At),
        new AgentEvent.HandleRotated(Examples.At),
        new AgentEvent.AgentDeregistered(Examples.At),
        new AgentEvent.AgentCameOnline(Examples.At),
        new AgentEvent.AgentWentOffline(Examples.At, true),
        new AgentEvent.GraceEnded(Examples.At),
        new AgentEvent.WatcherAdded("apollo"),
        new AgentCommand.WatchAgent("apollo"),
        new AgentCommand.AskSign("apollo", Examples.Task, Token, 17),
        new AgentCommand.AskGone("apollo", Token),
        new AgentCommand.HoldResources(),
        new AgentCommand.AskOffline(7),
        new AgentEvent.ResourcesHeld(),
        new AgentCommand.CheckPresence(),
        new AgentCommand.EndGrace(),
        new AgentCommand.ForgetSign(),
        new RegisterReply.Registered(new(Ada, Profile, true, 2, 3, Examples.At, Examples.At), true, true),
        new RegisterReply.VersionMismatch(3, 4),
        new AgentReply.Found(new(Ada, Profile, false, 2, 3, Examples.At, Examples.At)),
        new AgentReply.NotFound(),
        new AgentReply.VersionMismatch(3, 4),
        new AgentEvent.MailReceived(7, MailId, Mail, Examples.At),
        new AgentEvent.MailSent("QA", ["grace"]),
        new AgentEvent.MailAcknowledged(7, Examples.At),
        new AgentEvent.DelegationRequested(Work.Id, Work.Spec, Mail.Content, Examples.At),
        new AgentEvent.DelegationMoved(Work.Id, DelegationStatus.Completed, Examples.At, 100, Mail.Content, Grace, 8, MailId),
        new AgentCommand.TakeMail(Mail),
        new AgentCommand.RefuseDelegation(Work.Id, "Full."),
        new AgentCommand.ExpireDelegation(Work.Id),
        new MailReply.Put(Ada, 7, MailId),
        new MailReply.UnknownAgent(Ada),
        new MailReply.Full(Ada, 10_000),
        new SendReply.Sent(["grace"]),
        new SendReply.UnknownAgent(Ada),
        new SendReply.Nobody(),
        new MailboxReply.Found(7, 6, TimeSpan.FromSeconds(30)),
        new MailboxReply.UnknownAgent(Ada),
        new MailboxReply.NotThere(9, 7),
        new DelegateReply.Requested(Work, Online: true),
        new DelegateReply.Offline(Grace, "Nobody else."),
        new DelegateReply.UnknownAgent(Ada),
        new DelegateReply.Nobody(),
        new DelegateReply.Loop(["ada", "ada"]),
        new DelegateReply.Invalid([new("parent_id", "Expected another.")]),
        new DelegateReply.Full(1_000, 7),
        new DelegationReply.Found(Work),
        new DelegationReply.Ended(Work.Id),
        new DelegationReply.NotYours(Grace),
        new DelegationReply.NotForward(DelegationStatus.InProgress, DelegationStatus.Accepted),
        new AgentCommand.RegisterAgent(Profile, Rotate: true, 3),
        new AgentCommand.DeregisterAgent(3),
        new AgentCommand.Heartbeat(),
        new AgentCommand.ReadAgent(),
        new AgentCommand.SeeAgent(),
        new AgentCommand.PutMail(Mail),
        new AgentCommand.SendMail("QA", ["grace"], Mail),
        new AgentCommand.ReadMailbox(),
        new AgentCommand.AcknowledgeMail(7),
        new AgentCommand.DelegateWork(
            Work.Id, new(Grace, Online: true, "QA", "Nobody else."), Mail.Content, 60, QueueIfOffline: true, Examples.Task, new(Work.Id, Ada, ["alan", "ada"])),
        new AgentCommand.ReportDelegation(Work.Id, DelegationStatus.Completed, 100, Mail.Content, Grace),
        new AgentCommand.CancelDelegation(Work.Id, "Not needed.", Ada),
    ];

    private static readonly AccessKey Key = new()
    {
        Id = new("01KDWYX3000000000000000009"),
        Name = "CI",
        Hash = KeyHash.Of(new Secret("acl_example")),
        Scopes = [Scope.TasksRead, Scope.TasksClaim],
        Project = "apollo",
        Agent = Ada,
        CreatedAt = Examples.At,
        ExpiresAt = Examples.At,
    };

    private static readonly AuditEntry Entry = new(
        AuditDecision.Unauthorized, "nobody", "POST /api/v1/tasks", "wrong_key", "0HN:1", 3, Examples.At, Examples.At, "127.0.0.1");

    private static readonly object[] KeyRegistry =
    [
        new KeysEvent.KeyIssued(Key, new("local", "0HN:1")),
        new KeysEvent.KeyRevoked(Key.Id, Examples.At, new("local", "0HN:2")),
        new KeyReply.Done(Key),
        new KeyReply.Unknown(),
        new KeyReply.TooMany(10_000),
        new KeysCommand.IssueKey(Key, 3_600, new("local", "0HN:1")),
        new KeysCommand.RevokeKey(Key.Id, new("local", "0HN:2")),
        new KeysCommand.ReadKeys(3),
        new KeysReply(4, [Key]),
    ];

    private static readonly object[] Audit =
    [
        new AuditEvent.EntryRecorded(Entry),
        new AuditCommand.TakeEntry(Entry with { From = null }),
        new AuditCommand.RecordEntries([Entry]),
        new AuditCommand.ReadAudit(),
        new AuditReply(7, [Entry]),
    ];

    // Broken on purpose: a field of TaskClaimed renamed, and [JsonDerivedType] of TaskFailed taken away.
    private static readonly Worktree Copy = new("parser", Ada, "feature/parser", "main")
    {
        Path = "/work/parser",
        Task = Examples.Task,
        Priority = Priority.P1,
        CreatedAt = Examples.At,
        Place = 1,
        Seen = new("c0ffee", "f00d") { Files = [new("src/a.cs", TouchKind.Modified)], Problem = "No HEAD." },
        Reported = ["src/b.cs"],
    };

    private static readonly Reservation Held = new(new("01KDWYX300000000000000000X"), Ada, ["src/*.cs"], ReservationMode.Shared, 600)
    {
        Task = Examples.Task,
        Project = "apollo",
        Token = Token,
        Stake = new() { Priority = Priority.P1, Deadline = Examples.At, RemainingSeconds = 60, Weight = 5, DependsOn = [Examples.OtherTask] },
        Place = 4,
        Renewal = 2,
        RequestedAt = Examples.At,
        GrantedAt = Examples.At,
        RenewedAt = Examples.At,
        MayWait = true,
    };

    private static readonly RecordedDecision Decided = new(Ada, "database", "postgres")
    {
        Rationale = "It scales.",
        Architect = Grace,
        Researcher = Grace,
        At = Examples.At,
        Place = 3,
        Overruled = "sqlite",
    };

    private static readonly Clash Found = new(
        new("01KDWYX300000000000000000C"), ConflictType.TechnicalDisagreement, Severity.High, [Ada, Grace], "database", "decision", "They differ.")
    {
        Files = ["a"],
        Tasks = [Examples.Task],
        Want = Held.Id,
        Holder = Held.Id,
        Worktrees = ["parser"],
        Choices = ["postgres", "sqlite"],
        Decisions = ["ada\ndatabase", "grace\ndatabase"],
        Contradiction = "different_choices",
    };

    private static readonly Attempt Tried = new("framework_pattern", false, "not applicable: no pattern", Examples.At, new("{\"a\":1}"));

    private static readonly object[] Detector =
    [
        new DetectorEvent.WorktreePut(Copy, Examples.At),
        new DetectorEvent.WorktreeRemoved("parser", Examples.At),
        new DetectorEvent.FilesTouched("parser", ["src/b.cs"], Examples.At),
        new DetectorEvent.WorktreeSeen("parser", Copy.Seen!, Examples.At),
        new DetectorEvent.ForecastChanged(
            [new("lexer", Verdict.Conflict, "parser") { Files = [new("src/a.cs", "content")], Detail = "1 file", Basis = "c0ffee", At = Examples.At }], Examples.At),
        new DetectorEvent.PathCaseSet(PathCase.Ignored, Examples.At),
        new DetectorEvent.ReservationGranted(Held, Examples.At),
        new DetectorEvent.ReservationWanted(Held with { Standing = AgentCluster.Domain.Reservations.Standing.Wanted, GrantedAt = null }, Examples.At),
        new DetectorEvent.ReservationRenewed(Held.Id, 600, Examples.At),
        new DetectorEvent.ReservationEnded(Held.Id, Ada, ReservationEnd.ClaimEnded, Examples.At),
        new DetectorEvent.ReservationQueued(Held.Id, Examples.At),
        new DetectorEvent.ReservationNarrowed(Held.Id, ["src/a.cs"], Examples.At),
        new DetectorEvent.ReservationYielded(Held.Id, new("01KDWYX300000000000000000Y"), Examples.At),
        new DetectorEvent.ReservationMayWait(Held.Id, Examples.At),
        new DetectorEvent.MergeOrdered("lexer", "parser", Examples.At),
        new DetectorEvent.DecisionRecorded(Decided, Examples.At),
        new DetectorEvent.DecisionOverruled("ada\ndatabase", "sqlite", Examples.At),
        new DetectorEvent.ConflictDetected(Found, Examples.At),
        new DetectorEvent.ConflictTried(Found.Id, Tried, Examples.At),
        new DetectorEvent.ConflictAsked(Found.Id, new("architect_authority", Grace, 2), Examples.At),
        new DetectorEvent.ConflictResolved(Found.Id, new("Split it.", "human", "grace"), IsAccepted: true, Examples.At),
        new DetectorEvent.ConflictEscalated(Found.Id, "Nothing has helped.", Examples.At),
        new DetectorCommand.PutWorktree(Copy),
        new DetectorCommand.RemoveWorktree("parser", Ada),
        new DetectorCommand.TouchFiles("parser", ["src/b.cs"], Ada),
        new DetectorCommand.ObserveWorktree("parser", Copy.Seen!),
        new DetectorCommand.ReportForecasts([new("lexer", Verdict.Clean)]),
        new DetectorCommand.SetPathCase(PathCase.Kept),
        new DetectorCommand.ReadWorktrees(),
        new DetectorCommand.ReadForecasts(),
        new DetectorCommand.Reserve(Held),
        new DetectorCommand.ReleaseReservation(Held.Id, Ada),
        new DetectorCommand.ReadReservation(Held.Id),
        new DetectorCommand.ReadReservations(50, 100, Ada),
        new DetectorCommand.RecordDecision(Decided),
        new DetectorCommand.ResolveConflict(Found.Id, "Split it.", "grace"),
        new WorktreesReply([Copy], PathCase.Kept),
        new ForecastReply([new("lexer", Verdict.Clean)]),
        new ReservationsReply([Held], 7),
        new DetectorCommand.EndReservation(Held.Id, 3),
        new DetectorCommand.FreeClaim(Examples.Task, Token),
        new DetectorCommand.ExpireInquest(Found.Id, 2),
        new DetectorCommand.Sweep(),
        new ReserveReply.Granted(Held, [Found.Id]),
        new ReserveReply.Refused(Held, [Held], [Found.Id], 40),
        new ReserveReply.NoPath(1, "No."),
        new ReserveReply.Full(2_000, OfAgent: true),
        new ReservationReply.Found(Held),
        new ReservationReply.NoReservation(),
        new ReservationReply.OfOther(Grace),
        new DecideReply.Kept(Decided, [Found.Id]),
        new ConflictReply.Known(new(Found, ConflictStatus.Resolved)
        {
            Attempts = [Tried],
            Resolution = new("Split it.", "human", "grace"),
            DetectedAt = Examples.At,
            UpdatedAt = Examples.At,
            IsAccepted = true,
        }),
        new ConflictReply.NoConflict(),
        new ConflictReply.IsOver(),
        new ConflictReply.NoChoice(["postgres", "sqlite"]),
        new WorktreeReply.Put(Copy, Created: true),
        new WorktreeReply.NoWorktree("parser"),
        new WorktreeReply.OfOther("parser", Grace),
        new WorktreeReply.TooMany(200),
        new WorktreeReply.WrongPath(1, "No."),
    ];

    private static readonly Pool Memory = new("memory", 64, "GB");

    private static readonly Allocation Given = new(new("01KDWYX300000000000000000A"), Ada, [new("cpu", 2), new("memory", 0.5m)], 600)
    {
        Task = Examples.Task,
        Project = "apollo",
        Token = Token,
        Place = 7,
        Renewal = 2,
        AllocatedAt = Examples.At,
        RenewedAt = Examples.At,
        End = AllocationEnd.Expired,
        EndedAt = Examples.At,
    };

    private static readonly object[] Resources =
    [
        new PoolEvent.PoolDeclared(Memory, Examples.At),
        new PoolEvent.ResourcesAllocated(Given, Examples.At),
        new PoolEvent.AllocationRenewed(Given.Id, 60, Examples.At),
        new PoolEvent.AllocationEnded(Given.Id, Ada, AllocationEnd.Released, Examples.At),
        new PoolCommand.DeclarePool("memory", 64, "GB"),
        new PoolCommand.ReadPools(),
        new PoolCommand.Allocate(Given, [Grace]),
        new PoolCommand.RenewAllocation(Given.Id, 60, Ada),
        new PoolCommand.ReleaseAllocation(Given.Id, Ada),
        new PoolCommand.EndAllocation(Given.Id, 2),
        new PoolCommand.FreeAllocation(Given.Id),
        new PoolCommand.FreeTask(Examples.Task, Token),
        new PoolCommand.NoteOffline(Ada),
        new PoolCommand.FreeAgent(Ada, 7),
        new PoolCommand.LimitAgents([new("cpu", 4)]),
        new PoolEvent.AgentsLimited([new("cpu", 4)], Examples.At),
        new AllocateReply.OverLimit("cpu", 4, 4.5m),
        new DeclareReply.Declared(new(Memory, 0.5m), Created: true),
        new DeclareReply.TooMany(100),
        new PoolsReply([new(Memory, 0.5m)]),
        new AllocateReply.Given(Given),
        new AllocateReply.Insufficient([new(Memory, 65, 63.5m)], [Grace]),
        new AllocateReply.NoPool("gpu", ["memory"]),
        new AllocateReply.Full(1_000, OfAgent: true),
        new AllocationReply.Found(Given),
        new AllocationReply.NoAllocation(),
        new AllocationReply.OfOther(Grace),
    ];

    private static readonly PolicyLimits Limits = new() { MaxConcurrentAgents = 10, ResourceLimit = [new("cpu", 4)], Wip = [new("apollo", 5)] };

    private static readonly object[] Policies =
    [
        new PolicyEvent.PolicySet(Limits, Examples.At),
        new PolicyCommand.SetPolicy(Limits),
        new PolicyCommand.ReadPolicy(),
        new PolicyCommand.CheckPolicy(new()
        {
            Agents = [Ada],
            OthersWorking = 10,
            Required = ["sql"],
            Capabilities = ["ui"],
            Amounts = [new("cpu", 5)],
            Held = [new(Ada, new("cpu", 1))],
            Pools = [Memory],
            DependsOn = [new(Examples.Task, "running"), new(Examples.OtherTask, null)],
            Project = "apollo",
            TasksHeld = 5,
        }),
        new PolicyReply(Limits),
        new CheckReply([new(ViolationCode.ResourceLimitExceeded, "Too much.") { Limit = 4, Found = 6, Agent = Ada, Resource = "cpu", Project = "apollo", Missing = ["sql"], Task = Examples.Task, Status = "running" }]),
    ];

    [Fact]
    public void What_the_policy_writes_is_as_approved() => Approve("policy.jsonl", PolicyBehavior.Json, Policies);

    [Fact]
    public void What_the_resource_pool_writes_is_as_approved() => Approve("resources.jsonl", PoolBehavior.Json, Resources);

    [Fact]
    public void What_a_detector_writes_is_as_approved() => Approve("detector.jsonl", DetectorBehavior.Json, Detector);

    [Fact]
    public void What_a_registry_writes_is_as_approved() => Approve("registry.jsonl", TaskRegistryBehavior.Json, Registry);

    [Fact]
    public void What_an_agent_writes_is_as_approved() => Approve("agent.jsonl", AgentBehavior.Json, Agent);

    [Fact]
    public void What_the_registry_of_keys_writes_is_as_approved() => Approve("keys.jsonl", KeysBehavior.Json, KeyRegistry);

    [Fact]
    public void What_the_audit_writes_is_as_approved() => Approve("audit.jsonl", AuditBehavior.Json, Audit);

    [Fact]
    public void A_missing_field_is_an_error_and_an_unknown_one_is_passed_over()
    {
        var events = TaskRegistryBehavior.Json.Events;

        Assert.Throws<System.Text.Json.JsonException>(() => events.Read("task-failed.v1", """{"at":"2026-01-01T12:00:00Z"}"""u8));
        Assert.Throws<System.Text.Json.JsonException>(() => events.Read("task-renamed.v1", "{}"u8));
        Assert.Equal(
            new TaskRegistryEvent.TaskFailed(Examples.Task, Examples.At),
            events.Read("task-failed.v1", Encoding.UTF8.GetBytes($$"""{"task":"{{Examples.Task}}","colour":"red","at":"2026-01-01T12:00:00Z"}""")));
    }

    [Theory]
    [InlineData(typeof(TaskRegistryCommand), typeof(TaskRegistryBehavior))]
    [InlineData(typeof(AgentCommand), typeof(AgentBehavior))]
    [InlineData(typeof(KeysCommand), typeof(KeysBehavior))]
    [InlineData(typeof(AuditCommand), typeof(AuditBehavior))]
    [InlineData(typeof(DetectorCommand), typeof(DetectorBehavior))]
    [InlineData(typeof(PoolCommand), typeof(PoolBehavior))]
    [InlineData(typeof(PolicyCommand), typeof(PolicyBehavior))]
    public void Every_command_is_decided(Type commands, Type behavior)
    {
        var cases = commands.GetNestedTypes().Where(commands.IsAssignableFrom).ToList();

        Assert.NotEmpty(cases);
        Assert.All(cases, type => Decide(behavior, Blank(type)));
    }

    // Broken on purpose: NextClaim's profile without its JsonIgnore, so that null is left out; and ReadTask without its name.
    [Theory]
    [InlineData(typeof(TaskRegistryCommand), typeof(TaskRegistryBehavior))]
    [InlineData(typeof(AgentCommand), typeof(AgentBehavior))]
    [InlineData(typeof(KeysCommand), typeof(KeysBehavior))]
    [InlineData(typeof(AuditCommand), typeof(AuditBehavior))]
    [InlineData(typeof(DetectorCommand), typeof(DetectorBehavior))]
    [InlineData(typeof(PoolCommand), typeof(PoolBehavior))]
    [InlineData(typeof(PolicyCommand), typeof(PolicyBehavior))]
    public void Every_command_can_be_asked_of_another_node_also_with_nothing_that_may_be_left_out(Type commands, Type behavior)
    {
        var json = ((ActorJson)behavior.GetProperty(nameof(TaskRegistryBehavior.Json))!.GetValue(null)!).Commands;

        Assert.All(commands.GetNestedTypes().Where(commands.IsAssignableFrom).Select(Blank), command =>
        {
            var (name, payload) = json.Write(command);
            Assert.Equal(command, json.Read(name, payload));
        });
    }

    private static void Decide(Type behavior, object command)
    {
        Turn turn = new(Examples.At, TimeSpan.Zero, 1);
        _ = command switch
        {
            AgentCommand one when behavior == typeof(AgentBehavior) => (object)AgentBehavior.Decide(AgentBehavior.Initial("ada"), one, turn),
            KeysCommand one when behavior == typeof(KeysBehavior) => KeysBehavior.Decide(KeysBehavior.Initial("cluster"), one, turn),
            AuditCommand one when behavior == typeof(AuditBehavior) => AuditBehavior.Decide(AuditBehavior.Initial("cluster"), one, turn),
            DetectorCommand one when behavior == typeof(DetectorBehavior) => DetectorBehavior.Decide(DetectorBehavior.Initial("apollo"), one, turn),
            PolicyCommand one when behavior == typeof(PolicyBehavior) => PolicyBehavior.Decide(PolicyBehavior.Initial("cluster"), one, turn),
            PoolCommand one when behavior == typeof(PoolBehavior) => PoolBehavior.Decide(PoolBehavior.Initial("cluster"), one, turn),
            _ => TaskRegistryBehavior.Decide(TaskRegistryBehavior.Initial("apollo"), (TaskRegistryCommand)command, turn),
        };
    }

    /// <summary>A command with the plainest values that its constructor takes.</summary>
    private static object Blank(Type type) =>
        type == typeof(AgentProfile) ? Profile
        : type == typeof(AccessKey) ? Key
        : type == typeof(string) ? "x"
        : type == typeof(TaskId) ? Examples.Task
        : type == typeof(AgentId) ? Ada
        : type == typeof(Worktree) ? Copy
        : type == typeof(Reservation) ? Held
        : type == typeof(Allocation) ? Given
        : type == typeof(PolicyLimits) ? Limits
        : type == typeof(PolicyFacts) ? new PolicyFacts()
        : type == typeof(AllocationId) ? Given.Id
        : type == typeof(RecordedDecision) ? Decided
        : type == typeof(ReservationId) ? Held.Id
        : type == typeof(ConflictId) ? Found.Id
        : type == typeof(DelegationId) ? Work.Id
        : type == typeof(EpicId) ? Examples.Epic
        : type == typeof(EpicSpec) ? new EpicSpec { Title = "x" }
        : type == typeof(KeyId) ? Key.Id
        : type.IsValueType ? Activator.CreateInstance(type)!
        : type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!
            .Invoke([.. type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!
                .GetParameters().Select(parameter => IsOptional(parameter) ? null : Blank(parameter.ParameterType))]);

    private static bool IsOptional(ParameterInfo parameter) =>
        new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.Nullable;

    private static void Approve(string file, ActorJson json, object[] examples)
    {
        StringBuilder written = new();
        List<string> names = [];
        foreach (var example in examples)
        {
            var set = new[] { json.Events, json.Commands, json.Replies }.Single(set => set.HasName(example));
            var (name, payload) = set.Write(example);
            Assert.Equal(example, set.Read(name, payload));
            names.Add(name);
            written.Append(name).Append(' ').Append(Encoding.UTF8.GetString(payload)).Append('\n');
        }

        var expected = json.Events.Names.Concat(json.Commands.Names).Concat(json.Replies.Names);
        Assert.Equal(expected.Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
        var approved = Path.Combine(Repository.Root, "tests", "AgentCluster.Tests", "Domain", "Approved", file);

        // To approve a meant change, copy this over the approved file.
        File.WriteAllText(Path.Combine(AppContext.BaseDirectory, file), written.ToString());
        Assert.Equal(File.Exists(approved) ? File.ReadAllText(approved) : "", written.ToString());
    }
}
