using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryCommand;
using static AgentCluster.Domain.TaskRegistry.TaskRegistryEvent;

namespace AgentCluster.Tests.Domain.TaskRegistry;

public sealed class EditTaskTests : TaskRegistrySpec
{
    [Fact]
    public void Every_field_is_changed_and_the_rest_stays()
    {
        var task = Create(spec => Examples.Spec);
        var before = State.Find(task)!.Facts.Version;
        TaskPatch patch = new()
        {
            Title = "Parser",
            Type = "bug",
            Tags = ["x"],
            Priority = Priority.P4,
            RequiredCapabilities = ["ui"],
            ManualAssignment = false,
            MaxAttempts = 1,
            Assignee = "grace",
            AcceptanceCriteria = [],
            Files = ["b.cs"],
            Metadata = new("{}"),
            RequiredEvidence = ["hours"],
            Deadline = Now,
            WorkflowSlug = "again",
            Note = "Shorter now.",
            Cleared = TaskFields.EpicId | TaskFields.Description | TaskFields.Reviewer | TaskFields.Requirements,
        };

        var (reply, turn) = When(new EditTask(task, patch, null, before, Grace));

        var view = Assert.IsType<TaskReply.Found>(reply).Task;
        Assert.Equal(("Parser", null, "bug", Priority.P4, false, 1, "grace", before + 1), (view.Spec.Title, view.Spec.EpicId, view.Spec.Type, view.Spec.Priority, view.Spec.ManualAssignment, view.Spec.MaxAttempts, view.Spec.Assignee, view.Version));
        Assert.Equal([new TaskEdited(task, patch, Now, null, Grace)], turn.Events);
        var detail = Detail(task);
        Assert.Equal((null, null, null, Now, "again", "flows/ship.yaml"), (detail.Description, detail.Reviewer, detail.Requirements, detail.Deadline, detail.WorkflowSlug, detail.WorkflowSource));
        Assert.Equal(new Note(Now, Grace, "Shorter now."), detail.Notes[^1]);
        ExpectAllAlike();
    }

    [Fact]
    public void A_change_to_what_it_is_already_writes_nothing()
    {
        var task = Create(spec => Examples.Spec);

        var (reply, turn) = When(new EditTask(task, new() { Title = Examples.Spec.Title, Tags = Examples.Spec.Tags, Description = Examples.Spec.Detail.Description }, [], null, null));

        Assert.Equal(1, Assert.IsType<TaskReply.Found>(reply).Task.Version);
        Assert.Empty(turn.Events);
    }

    [Fact]
    public void A_task_is_changed_at_the_version_that_was_seen_or_not_at_all()
    {
        var task = Create();
        When(new EditTask(task, new() { Title = "A" }, null, 1, null));

        var (reply, turn) = When(new EditTask(task, new() { Title = "B" }, null, 1, null));

        Assert.Equal(new TaskReply.Refused(new TaskRefusal.VersionMismatch(1, 2)), reply);
        Assert.Empty(turn.Events);
        Assert.Equal("A", Read(task).Spec.Title);
    }

    [Fact]
    public void A_task_without_detail_gets_one_and_loses_it()
    {
        var task = Create();

        When(new EditTask(task, new() { Description = "All of it, see #12" }, null, null, null));
        Assert.Equal(("All of it, see #12", true), (Detail(task).Description, Read(task).HasDetail));
        Assert.Equal(["#12"], Detail(task).References);
        When(new EditTask(task, new() { Cleared = TaskFields.Description }, null, null, null));

        Assert.False(Read(task).HasDetail);
        Assert.DoesNotContain(new RowKey("task_detail", task.Value), Rows.Keys);
        ExpectAllAlike();
    }

    [Fact]
    public void References_follow_the_text_and_those_that_were_listed_stay()
    {
        var task = Create(spec => spec with { Title = "Fix group/app#7", Detail = new() { References = ["https://example.org/1", "group/app#7"] } });

        When(new EditTask(task, new() { Title = "Fix group/app#8" }, null, null, null));

        Assert.Equal(["https://example.org/1", "group/app#8"], Detail(task).References);
    }

    // Broken on purpose: Bind without its search for a cycle lets two tasks wait for each other.
    [Fact]
    public void A_dependency_that_closes_a_cycle_is_refused_and_named()
    {
        TaskId first = Create(), second = Create(first), third = Create(second);

        Assert.Equal(
            new TaskReply.Refused(new TaskRefusal.DependencyCycle([first, third, second])),
            When(new EditTask(first, new(), [third], null, null)).Reply);
        Assert.Equal(
            new TaskReply.Refused(new TaskRefusal.DependencyCycle([first])), When(new EditTask(first, new(), [first], null, null)).Reply);
        Assert.Equal(WorkStatus.Pending, Read(first).Status);
    }

    [Fact]
    public void Dependencies_are_replaced_and_the_task_waits_or_is_ready_at_once()
    {
        TaskId done = Create(), open = Create(), task = Create();
        Complete(done, Claim(done, Ada));
        Recover();

        When(new EditTask(task, new(), [done, open], null, null));
        Assert.Equal([new Dependency(done, DependencyState.Satisfied), new Dependency(open, DependencyState.Open)], Read(task).DependsOn);
        Assert.Equal(WorkStatus.Blocked, Read(task).Status);
        ExpectAllAlike();
        When(new EditTask(task, new(), [done], null, null));

        Assert.Equal(WorkStatus.Pending, Read(task).Status);
        Complete(open, Claim(open, Ada));
        Assert.Equal(task, ClaimNext(By(Grace)));
        ExpectAllAlike();
    }

    [Fact]
    public void A_dependency_must_be_a_task_of_the_project_that_is_not_deleted()
    {
        TaskId task = Create(), gone = Create(), unknown = NewId();
        When(new DeleteTasks([gone]));

        var refused = Assert.IsType<TaskReply.Refused>(When(new EditTask(task, new(), [gone, unknown], null, null)).Reply);

        Assert.Equal(["depends_on", "depends_on"], Assert.IsType<TaskRefusal.Invalid>(refused.Why).Errors.Select(error => error.Field));
        Assert.Empty(Read(task).DependsOn);
    }

    [Fact]
    public void An_edit_moves_the_task_in_the_queue()
    {
        TaskId first = Create(), second = Create();

        When(new EditTask(second, new() { Priority = Priority.P0 }, null, null, null));
        Assert.Equal(second, ClaimNext(By(Ada)));
        When(new EditTask(first, new() { RequiredCapabilities = ["ui"] }, null, null, null));
        Assert.Null(ClaimNext(By(Ada)));
        Assert.Equal(first, ClaimNext(By(Ada, null, "ui")));
    }

    [Fact]
    public void A_held_task_is_changed_under_its_holder_and_what_it_must_bring_with_it()
    {
        var task = Create();
        var token = Claim(task, Ada);

        When(new EditTask(task, new() { AcceptanceCriteria = ["It parses"] }, null, null, null));

        Assert.Equal(token, Read(task).Claim!.Token);
        Assert.IsType<CompleteReply.Refused>(When(new CompleteTask(task, token, "s", null, [], null, null)).Reply);
        Assert.IsType<CompleteReply.Completed>(When(new CompleteTask(task, token, "s", null, [new(0, true)], null, null)).Reply);
        ExpectAllAlike();
    }

    [Fact]
    public void What_is_unknown_or_deleted_is_not_changed()
    {
        TaskId task = Create(), unknown = NewId();
        When(new DeleteTasks([task]));

        Assert.Equal(new TaskReply.Refused(new TaskRefusal.NotFound(unknown)), When(new EditTask(unknown, new() { Title = "x" }, null, null, null)).Reply);
        Assert.IsType<TaskRefusal.InvalidTransition>(
            Assert.IsType<TaskReply.Refused>(When(new EditTask(task, new() { Title = "x" }, null, null, null)).Reply).Why);
    }

    [Fact]
    public void A_patch_is_checked_field_by_field() => Assert.Equal(
        ["title", "tags[0]", "max_attempts", "note", "depends_on"],
        TaskPatch.Validate(new() { Title = "", Tags = ["\n"], MaxAttempts = 0, Note = "" }, 201).Select(error => error.Field)
            .Order(Comparer<string>.Create((a, b) => Order(a).CompareTo(Order(b)))));

    private static int Order(string field) => field switch { "title" => 0, "tags[0]" => 1, "max_attempts" => 2, "note" => 3, _ => 4 };

    private TaskDetail Detail(TaskId task) => AgentCluster.Domain.TaskRegistry.Rows.DetailPayload.Read(Rows[new("task_detail", task.Value)]);
}
