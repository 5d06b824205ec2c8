using AgentCluster.Domain;
using AgentCluster.Domain.ConflictDetector;
using AgentCluster.Domain.Repositories;
using AgentCluster.Domain.Worktrees;
using AgentCluster.TestKit.Behaviors;
using static AgentCluster.Domain.ConflictDetector.DetectorCommand;
using static AgentCluster.Domain.ConflictDetector.DetectorEvent;

namespace AgentCluster.Tests.Domain.ConflictDetector;

public sealed class WorktreeTests() : BehaviorSpec<DetectorBehavior, DetectorState, DetectorCommand, DetectorEvent>("apollo")
{
    private static readonly AgentId Ada = new("ada"), Grace = new("grace");
    private static readonly Worktree Parser = new("parser", Ada, "feature/parser", "main") { Path = "/work/parser" };
    private static readonly Worktree Lexer = new("lexer", Grace, "feature/lexer", "main") { Path = "/work/lexer" };

    [Fact]
    public void A_worktree_is_known_once_and_a_repeat_writes_nothing()
    {
        var known = Parser with { CreatedAt = Now, Place = 1 };

        Assert.Equal(new WorktreeReply.Put(known, Created: true), When(new PutWorktree(Parser)).Reply);
        var (reply, turn) = When(new PutWorktree(Parser));

        Assert.Equal(new WorktreeReply.Put(known), reply);
        Assert.Empty(turn.Events);
        Assert.Equal(2, Rows.Count);
    }

    [Fact]
    public void Another_agents_worktree_is_refused_by_name_and_stays_as_it_is()
    {
        When(new PutWorktree(Parser));

        Assert.Equal(new WorktreeReply.OfOther("parser", Ada), When(new PutWorktree(Parser with { Agent = Grace })).Reply);
        Assert.Equal(new WorktreeReply.OfOther("parser", Ada), When(new RemoveWorktree("parser", Grace)).Reply);
        Assert.Equal(new WorktreeReply.OfOther("parser", Ada), When(new TouchFiles("parser", ["a"], Grace)).Reply);
        Assert.Equal([Ada], When(new ReadWorktrees()).Reply.Worktrees.Select(each => each.Agent));
    }

    [Fact]
    public void Touched_files_have_one_form_and_are_told_once()
    {
        When(new PutWorktree(Parser));

        When(new TouchFiles("parser", ["/src//a.cs", "src/b.cs"]));
        var (_, turn) = When(new TouchFiles("parser", ["./src/a.cs", "src/c.cs"]));

        Assert.Equal([new FilesTouched("parser", ["src/c.cs"], Now)], turn.Events);
        Assert.Equal(["src/a.cs", "src/b.cs", "src/c.cs"], State.Book.Worktrees["parser"].Reported);
        Assert.IsType<WorktreeReply.WrongPath>(When(new TouchFiles("parser", ["ok", "../etc"])).Reply);
    }

    [Fact]
    public void What_was_seen_takes_the_place_of_what_was_seen_before_and_the_same_again_writes_nothing()
    {
        When(new PutWorktree(Parser));
        Observation seen = new("c1", "c0") { Files = [new("b", TouchKind.Added), new("./a", TouchKind.Modified)] };

        When(new ObserveWorktree("parser", seen));
        var (_, turn) = When(new ObserveWorktree("parser", seen));

        Assert.Empty(turn.Events);
        Assert.Equal(["a", "b"], State.Book.Worktrees["parser"].Touches.Select(touch => touch.Path));
        When(new ObserveWorktree("parser", new("c2", "c0")));
        Assert.Empty(State.Book.Worktrees["parser"].Touches);
    }

    [Fact]
    public void A_file_whose_name_has_no_one_form_is_left_out_and_it_is_said()
    {
        When(new PutWorktree(Parser));

        When(new ObserveWorktree("parser", new("c1", "c0") { Files = [new("a\\b", TouchKind.Added), new("c", TouchKind.Added)] }));

        Assert.Equal(["c"], State.Book.Worktrees["parser"].Touches.Select(touch => touch.Path));
        Assert.NotNull(State.Book.Worktrees["parser"].Seen!.Problem);
    }

    [Fact]
    public void A_pair_has_one_forecast_whichever_way_it_is_named_and_only_changes_are_written()
    {
        When(new PutWorktree(Parser));
        When(new PutWorktree(Lexer));
        PairForecast told = new("parser", Verdict.Conflict, "lexer") { Files = [new("b", "content"), new("a", "content")] };

        var (_, turn) = When(new ReportForecasts([told, new("parser", Verdict.Clean), new("parser", Verdict.Clean, "gone"), new("parser", Verdict.Clean, "parser")]));

        Assert.Equal(
            [new ForecastChanged([told with { A = "lexer", B = "parser", Files = [new("a", "content"), new("b", "content")], At = Now }, new("parser", Verdict.Clean) { At = Now }], Now)],
            turn.Events.Take(1));
        Pass(TimeSpan.FromSeconds(1));
        Assert.Empty(When(new ReportForecasts([told])).Turn.Events);
        Assert.NotEmpty(When(new ReportForecasts([told with { Verdict = Verdict.Unknown, Detail = "git is gone" }])).Turn.Events);
        Assert.Empty(State.Book.Forecasts["lexer\nparser"].Files);
    }

    [Fact]
    public void A_worktree_that_is_gone_takes_its_forecasts_with_it()
    {
        When(new PutWorktree(Parser));
        When(new PutWorktree(Lexer));
        When(new ReportForecasts([new("parser", Verdict.Clean, "lexer"), new("lexer", Verdict.Clean)]));

        When(new RemoveWorktree("parser"));

        Assert.Equal(["lexer"], State.Book.Forecasts.Values.Select(pair => pair.A));
        Assert.IsType<WorktreeReply.NoWorktree>(When(new RemoveWorktree("parser")).Reply);
    }

    [Fact]
    public void Where_case_is_ignored_names_that_differ_in_it_are_one_file()
    {
        When(new PutWorktree(Parser));
        When(new SetPathCase(PathCase.Ignored));

        When(new TouchFiles("parser", ["SRC/A.cs", "src/a.CS"]));

        Assert.Equal(["src/a.cs"], State.Book.Worktrees["parser"].Reported);
        Assert.Empty(When(new SetPathCase(PathCase.Ignored)).Turn.Events);
    }

    [Fact]
    public void What_was_written_comes_back_as_it_was()
    {
        When(new PutWorktree(Parser));
        When(new PutWorktree(Lexer));
        When(new TouchFiles("parser", ["a"]));
        When(new ReportForecasts([new("parser", Verdict.Clean, "lexer")]));

        Assert.Equal(Text(State), Text(Folded()));
        Assert.Equal(Text(State), Text((DetectorState)System.Text.Json.JsonSerializer.Deserialize(Text(State), DetectorBehavior.Json.Snapshot!())!));
    }

    private static string Text(DetectorState state) => System.Text.Json.JsonSerializer.Serialize(state, DetectorBehavior.Json.Snapshot!());
}
