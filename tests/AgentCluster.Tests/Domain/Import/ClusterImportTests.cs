using System.Text;
using AgentCluster.Domain;
using AgentCluster.Domain.Import;
using AgentCluster.Domain.TaskRegistry;
using AgentCluster.Domain.Tasks;
using AgentCluster.Tests.Domain.TaskRegistry;

namespace AgentCluster.Tests.Domain.Import;

public sealed class ClusterImportTests : TaskRegistrySpec
{
    private const string Epic =
        """{"kind":"epic","id":"E1","project":"other","title":"Ship it","description":"All of it","tags":["x"],"status":"active","priority":"P1","progress":{},"budget":{"tokens":100,"usd":1.5},"metadata":{"a":1},"created_at":"2026-01-01T00:00:00Z"}""";

    private const string Done =
        """{"kind":"task","id":"T1","project":"other","epic_id":"E1","title":"First","type":"bug","tags":["y"],"status":"completed","display_status":"COMPLETED","priority":"P0","required_capabilities":["csharp"],"depends_on":[],"manual_assignment":true,"max_attempts":5,"attempt":1,"claim":null,"cost":{"actual_tokens":7},"description":"Do it","acceptance_criteria":["It runs"],"metadata":{"mine":true},"notes":[{"at":"2026-01-02T00:00:00Z","by":"ada","text":"half"}],"result_summary":"It runs","version":4,"created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-03T00:00:00Z"}""";

    private const string Running =
        """{"id":"T2","epic_id":"E1","title":"Second","status":"running","priority":"P2","depends_on":["T1"],"claim":{"agent":"ada","token":7}}""";

    private const string Blocked = """{"id":"T3","epic_id":"E1","title":"Third","status":"blocked","depends_on":["T2","T9"]}""";

    // Broken on purpose: a task that runs there taken as pending (both clusters would hand it out).
    [Fact]
    public void Epics_and_tasks_come_over_with_what_was_said_of_them()
    {
        var report = Import(Epic, Done, Running, Blocked);

        Assert.Equal((4, 0, 0), (report.Created, report.Unchanged, report.Skipped.Count));
        Assert.Equal([new MissingRow("T3", "T9")], report.Dangling);
        Assert.Equal(
            (WorkStatus.Completed, WorkStatus.InputRequired, WorkStatus.Blocked), (Of("T1").Status, Of("T2").Status, Of("T3").Status));
        var spec = Of("T1").Spec;
        Assert.Equal(("First", "bug", Priority.P0, true, 5), (spec.Title, spec.Type, spec.Priority, spec.ManualAssignment, spec.MaxAttempts));
        var epic = Assert.Single(Rows.Keys, key => key.Table == "epic").Id;
        Assert.All(new[] { "T1", "T2", "T3" }, id => Assert.Equal(epic, Of(id).Spec.EpicId?.Value));
        var detail = Encoding.UTF8.GetString(Rows[new("task_detail", Of("T1").Id.Value)].Payload.Span);
        Assert.Contains(
            """{"mine":true,"agentcluster":{"attempt":1,"cost":{"actual_tokens":7},"result_summary":"It runs"}}""", detail, StringComparison.Ordinal);
        Assert.Contains("half", detail, StringComparison.Ordinal);
        ExpectAllAlike();
    }

    // Broken on purpose: the time as it is written (it would read back as another after a restart).
    [Fact]
    public void A_time_is_taken_to_the_microsecond_that_a_row_keeps()
    {
        Import("""{"id":"T1","title":"First","created_at":"2026-01-01T00:00:00.1234567Z"}""");

        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, 123, 456, TimeSpan.Zero), Of("T1").CreatedAt);
    }

    [Fact]
    public void A_second_import_changes_nothing()
    {
        Import(Epic, Done, Running, Blocked);

        var again = Import(Epic, Done, Running, Blocked);

        Assert.Equal((0, 4, 0), (again.Created, again.Unchanged, again.Updated));
    }

    [Fact]
    public void Tasks_may_come_before_their_epic()
    {
        var report = Import(Done, Running, Epic);

        Assert.Equal(3, report.Created);
        Assert.NotNull(Of("T2").Spec.EpicId);
        ExpectAllAlike();
    }

    [Theory]
    [InlineData("""{"kind":"agent","id":"a"}""", "kind")]
    [InlineData("""{"kind":"epic","id":"a"}""", "title")]
    [InlineData("""{"kind":"epic","title":"a"}""", "id")]
    [InlineData("""{"kind":"epic","id":"a","title":"a","budget":{"tokens":-1}}""", "budget.tokens")]
    [InlineData("""{"id":"a","title":"a","status":"asleep"}""", "asleep")]
    [InlineData("""{"id":"a","title":"a","priority":"P9"}""", "P9")]
    [InlineData("""{"id":"a","title":"a","notes":[{"by":"x"}]}""", "note")]
    [InlineData("""{"id":"a","title":"a","metadata":[],"other":1}""", "metadata")]
    [InlineData("""{"id":"a","title":"a","max_attempts":0}""", "max_attempts")]
    [InlineData("""{"id":"a","title":"a","depends_on":[7]}""", "depends_on")]
    public void A_bad_row_is_skipped_with_its_line_and_the_reason(string bad, string reason)
    {
        var report = Import(Running, bad);

        Assert.Equal(1, report.Created);
        var skipped = Assert.Single(report.Skipped);
        Assert.Equal(2, skipped.Line);
        Assert.Contains(reason, skipped.Reason, StringComparison.Ordinal);
    }

    private ImportReport Import(params string[] lines)
    {
        ImportRun run = new(ImportFormat.AgentCluster, "apollo", Now);
        foreach (var line in lines)
        {
            Send(run, run.Add(Encoding.UTF8.GetBytes(line)));
        }

        Send(run, run.Flush());
        foreach (var adoption in run.Adoptions())
        {
            run.Heard(When(adoption).Reply);
        }

        return run.Report();
    }

    private void Send(ImportRun run, TaskRegistryCommand.ImportRows? rows)
    {
        if (rows is not null)
        {
            run.Heard(When(rows).Reply);
        }
    }

    private TaskView Of(string id) =>
        Rows.Keys.Where(key => key.Table == "task").Select(key => Read(new(key.Id))).Single(task => task.Source!.Id == id);
}
