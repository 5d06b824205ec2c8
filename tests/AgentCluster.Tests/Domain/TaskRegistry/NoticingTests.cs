using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.Mailboxes;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.TaskRegistry.Deciding;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Tests.Domain.TaskRegistry;

/// <summary>What those who watch tasks are told.</summary>
public sealed class NoticingTests : TaskRegistrySpec
{
    private static readonly AgentId Pia = new("pia");

    [Fact]
    public void Watchers_are_told_how_a_task_ended_and_who_completed_it_is_not()
    {
        var task = CreateWatched([Grace, Pia, Ada]);
        var token = Claim(task, Ada);

        var told = Told(When(new TaskRegistryCommand.CompleteTask(task, token, "It parses.", null, [], null, null)).Turn.Messages);

        Assert.Equal([("grace", "completed", "'Watched' is completed: It parses."), ("pia", "completed", "'Watched' is completed: It parses.")], told);
    }

    // Broken on purpose: TaskFailed passed over in Noticing.About.
    [Fact]
    public void Watchers_are_told_of_a_failure_with_its_reason_of_a_question_and_of_an_end()
    {
        var failing = CreateWatched([Grace]);
        Assert.Equal(
            [("grace", "failed", "'Watched' has failed: Broken.")],
            Told(When(new TaskRegistryCommand.FailTask(failing, Claim(failing, Ada), "Broken.", Retryable: false)).Turn.Messages));
        var asking = CreateWatched([Grace]);
        Assert.Equal(
            [("grace", "input_required", "'Watched' waits for an answer: Which?")],
            Told(When(new TaskRegistryCommand.RequireInput(asking, Claim(asking, Ada), "Which?")).Turn.Messages));
        Assert.Equal(
            [("grace", "cancelled", "'Watched' is cancelled: Enough.")], Told(When(new TaskRegistryCommand.CancelTask(asking, "Enough.")).Turn.Messages));
        Assert.Equal([("grace", "deleted", "'Watched' is deleted.")], Told(When(new TaskRegistryCommand.DeleteTasks([asking])).Turn.Messages));
    }

    // Broken on purpose: "ready" said as soon as one of the dependencies is completed.
    [Fact]
    public void Watchers_of_what_waits_are_told_when_it_is_ready_and_when_it_never_will_be()
    {
        var (first, second) = (Create(), Create());
        var waits = CreateWatched([Grace], first, second);

        Assert.Empty(Told(When(new TaskRegistryCommand.CompleteTask(first, Claim(first, Ada), "Done.", null, [], null, null)).Turn.Messages));
        Assert.Equal(
            [("grace", "blocked", "'Watched' stays blocked: 'Task 2' is cancelled.")], Told(When(new TaskRegistryCommand.CancelTask(second, null)).Turn.Messages));
        var third = Create();
        CreateWatched([Grace], third);
        Assert.Equal(
            [("grace", "ready", "'Watched' is ready: 'Task 4' is completed.")],
            Told(When(new TaskRegistryCommand.CompleteTask(third, Claim(third, Ada), "Done.", null, [], null, null)).Turn.Messages));
        Assert.Equal("blocked", Read(waits).Status.Word());
    }

    [Fact]
    public void No_decision_tells_more_than_its_bound()
    {
        TaskId[] all = [.. Enumerable.Range(0, 3).Select(_ => CreateWatched([.. Enumerable.Range(0, 100).Select(number => new AgentId($"w{number}"))]))];

        Assert.Equal(Noticing.Most, Told(When(new TaskRegistryCommand.DeleteTasks([.. all])).Turn.Messages).Count);
    }

    private TaskId CreateWatched(AgentId[] watchers, params TaskId[] dependsOn)
    {
        var id = NewId();
        NewTask task = new(id, new() { Title = "Watched" }, ValueList.Of<TaskId>(dependsOn)) { Watchers = ValueList.Of<AgentId>(watchers) };
        var created = Assert.IsType<CreateReply.Created>(When(new TaskRegistryCommand.CreateTasks([task])).Reply);
        Assert.Equal(created.Tasks[0].Watchers, Read(id).Watchers);
        return id;
    }

    private static List<(string To, string? How, string Text)> Told(IEnumerable<Message> messages) =>
    [
        .. messages.Where(message => message.Command is AgentCommand.TakeMail).Select(message =>
        {
            var mail = ((AgentCommand.TakeMail)message.Command).Mail;
            Assert.Equal((MailKind.Notice, true), (mail.Kind, mail.Task is not null));
            return (message.To.Name, mail.Content.Note, mail.Content.Text);
        }),
    ];
}
