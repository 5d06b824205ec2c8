using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.ConflictDetector;
using AgentCluster.Domain.Conflicts;
using static AgentCluster.Domain.ConflictDetector.DetectorCommand;

namespace AgentCluster.Tests.Domain.ConflictDetector;

/// <summary>Two decisions about one thing contradict each other.</summary>
public sealed class DisagreementTests : DetectorSpec
{
    private static readonly AgentId Archie = new("archie"), Rita = new("rita");

    [Fact]
    public void Microservices_and_a_monolith_are_exactly_one_disagreement_and_without_anybody_to_ask_a_humans_matter()
    {
        Decide(One, "architecture", "use_microservices");
        Decide(Two, "architecture", "use_monolith");
        WhenTold(new Sweep());

        Assert.Equal((ConflictType.TechnicalDisagreement, "different_choices"), (Only.Found.Type, Only.Found.Contradiction));
        Assert.Equal([One, Two], Only.Found.Agents);
        Assert.Equal([("framework_pattern", false), ("architect_authority", false), ("research_consultation", false)], Tried(Only));
        Assert.Equal(["not applicable: no pattern", "not applicable: no architect", "not applicable: no researcher"], Only.Attempts.Select(attempt => attempt.Detail));
        Assert.Equal(ConflictStatus.Escalated, Only.Status);
    }

    [Theory]
    [InlineData("How we store data", "how we store DATA", 1)]
    [InlineData("how we store all data", "how we store data", 1)]
    [InlineData("how we store data", "how we show data", 0)]
    [InlineData("logging", "caching", 0)]
    public void Topics_are_one_when_four_fifths_of_their_words_are(string one, string two, int conflicts)
    {
        Decide(One, one, "yes");
        Decide(Two, two, "no");

        Assert.Equal(conflicts, State.Book.Conflicts.Count);
    }

    [Fact]
    public void The_same_choice_in_other_words_is_none_and_a_later_decision_takes_the_place_of_an_earlier_one()
    {
        Decide(One, "database", "use Postgres");
        Decide(Two, "database", "use_postgres!");
        Assert.Empty(State.Book.Conflicts);

        Decide(Two, "database", "not use postgres");
        Assert.Equal("negation", Only.Found.Contradiction);
        Decide(Two, "database", "use postgres");

        Assert.Equal(ConflictStatus.Resolved, Only.Status);
    }

    // Broken on purpose: any answer of the architect taken, also one that is no choice.
    [Fact]
    public void An_architect_is_asked_and_what_it_chooses_within_its_time_holds()
    {
        Decide(One, "database", "postgres", Archie);
        var (_, turn) = When(new RecordDecision(new(Two, "database", "sqlite") { Architect = Archie }));

        Assert.Equal((ConflictStatus.Open, Archie), (Only.Status, Only.Asked!.Agent));
        Assert.Contains("Choose one of 'postgres', 'sqlite'", Assert.Single(Told(turn, Archie)), StringComparison.Ordinal);
        Assert.Contains(turn.Timers, timer => timer is TimerChange.Set { Command: ExpireInquest });
        Assert.IsType<ConflictReply.NoChoice>(When(new ResolveConflict(Only.Found.Id, "mongodb", "archie")).Reply);

        When(new ResolveConflict(Only.Found.Id, "SQLite", "archie"));

        Assert.Equal((ConflictStatus.Resolved, "architect_authority", "archie"), (Only.Status, Only.Resolution!.Strategy, Only.Resolution.By));
        Assert.Equal([("framework_pattern", false), ("architect_authority", true)], Tried(Only));
        Assert.Equal("sqlite", State.Book.Decisions["agent1\ndatabase"].Overruled);
    }

    [Fact]
    public void An_architect_who_does_not_answer_in_time_has_failed_and_a_researcher_is_asked_next()
    {
        Decide(One, "database", "postgres");
        When(new RecordDecision(new(Two, "database", "sqlite") { Architect = Archie, Researcher = Rita }));
        var number = Only.Asked!.Number;

        WhenTold(new ExpireInquest(Only.Found.Id, number));

        Assert.Equal(Rita, Only.Asked!.Agent);
        Assert.Equal([("framework_pattern", false), ("architect_authority", false)], Tried(Only));
        Assert.Empty(WhenTold(new ExpireInquest(Only.Found.Id, number)).Events);
        WhenTold(new ExpireInquest(Only.Found.Id, Only.Asked.Number));
        Assert.Equal(ConflictStatus.Escalated, Only.Status);
    }

    // Broken on purpose: the strategies after the one that was waited for not gone on with.
    [Fact]
    public void An_architect_who_chooses_neither_has_failed_and_the_researcher_who_is_asked_next_decides()
    {
        Decide(One, "database", "postgres");
        When(new RecordDecision(new(Two, "database", "sqlite") { Architect = Archie, Researcher = Rita }));

        When(new ResolveConflict(Only.Found.Id, "Neither.", "archie"));

        Assert.Equal((ConflictStatus.Open, "research_consultation", Rita), (Only.Status, Only.Asked!.Strategy, Only.Asked.Agent));
        Assert.Equal([("framework_pattern", false), ("architect_authority", false)], Tried(Only));
        Assert.Equal("'archie' chose neither.", Only.Attempts[^1].Detail);

        When(new ResolveConflict(Only.Found.Id, "postgres", "rita"));

        Assert.Equal((ConflictStatus.Resolved, "research_consultation", "rita"), (Only.Status, Only.Resolution!.Strategy, Only.Resolution.By));
        Assert.Equal([("framework_pattern", false), ("architect_authority", false), ("research_consultation", true)], Tried(Only));
        Assert.Equal("postgres", State.Book.Decisions["agent2\ndatabase"].Overruled);
        Assert.Null(State.Book.Decisions["agent1\ndatabase"].Overruled);
    }

    [Fact]
    public void A_researcher_who_chooses_neither_leaves_it_to_a_human()
    {
        Decide(One, "database", "postgres");
        When(new RecordDecision(new(Two, "database", "sqlite") { Researcher = Rita }));

        Assert.Equal(Rita, Only.Asked!.Agent);
        When(new ResolveConflict(Only.Found.Id, "neither", "rita"));

        Assert.Equal((ConflictStatus.Escalated, (Inquest?)null), (Only.Status, Only.Asked));
    }

    [Fact]
    public void What_was_decided_before_decides_again_by_itself()
    {
        Decide(One, "database", "postgres");
        Decide(Two, "database", "sqlite");
        When(new ResolveConflict(Only.Found.Id, "postgres", "maria"));
        Assert.Equal("human", Only.Resolution!.Strategy);

        Decide(Three, "database", "mysql");

        var conflict = State.Book.Conflicts.Values.Single(conflict => conflict.Found.Agents.AsSpan().Contains(Three));
        Assert.Equal([("framework_pattern", true)], Tried(conflict));
        Assert.Contains("\"resolution\":\"postgres\"", conflict.Attempts[0].Data!.Value.Text, StringComparison.Ordinal);
        Assert.Equal("postgres", State.Book.Decisions["agent3\ndatabase"].Overruled);
    }

    private void Decide(AgentId agent, string topic, string choice, AgentId? architect = null) =>
        When(new RecordDecision(new(agent, topic, choice) { Architect = architect }));
}
