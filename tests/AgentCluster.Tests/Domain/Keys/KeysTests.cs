using AgentCluster.Actors;
using AgentCluster.Domain;
using AgentCluster.Domain.Access;
using AgentCluster.Domain.Audit;
using AgentCluster.Domain.Keys;
using AgentCluster.TestKit.Behaviors;
using static AgentCluster.Domain.Keys.KeysCommand;
using static AgentCluster.Domain.Keys.KeysEvent;

namespace AgentCluster.Tests.Domain.Keys;

public sealed class KeysTests() : BehaviorSpec<KeysBehavior, KeysState, KeysCommand, KeysEvent>("cluster")
{
    private static readonly Author Operator = new("local", "r-1");

    private static readonly AccessKey Key = new()
    {
        Id = new("01KDWYX3000000000000000001"),
        Name = "CI",
        Hash = KeyHash.Of(new Secret("acl_one")),
        Scopes = [Scope.TasksRead],
    };

    [Fact]
    public void An_issued_key_has_the_times_of_the_turn_and_the_audit_hears_who_issued_it()
    {
        var (reply, turn) = When(new IssueKey(Key, 60, Operator));

        var issued = Key with { CreatedAt = Now, ExpiresAt = Now.AddSeconds(60) };
        Assert.Equal(new KeyReply.Done(issued), reply);
        Assert.Equal([new KeyIssued(issued, Operator)], turn.Events);
        Assert.Equal(
            [new Message(Kinds.AuditOfAll, new AuditCommand.TakeEntry(new(AuditDecision.Allowed, "local", "key_issue", $"{Key.Id} CI", "r-1", 1, Now, Now)))],
            turn.Messages);
    }

    [Fact]
    public void A_key_without_an_end_is_good_for_ever() =>
        Assert.Null(Assert.IsType<KeyReply.Done>(When(new IssueKey(Key, null, Operator)).Reply).Key.ExpiresAt);

    [Fact]
    public void A_revoked_key_is_gone_and_the_audit_hears_who_revoked_it()
    {
        Given(new KeyIssued(Key, Operator));

        var (reply, turn) = When(new RevokeKey(Key.Id, Operator));

        Assert.Equal(new KeyReply.Done(Key), reply);
        Assert.Equal([new KeyRevoked(Key.Id, Now, Operator)], turn.Events);
        Assert.Equal("key_revoke", ((AuditCommand.TakeEntry)Assert.Single(turn.Messages).Command).Entry.What);
        Assert.True(State.Keys.IsEmpty);
    }

    [Fact]
    public void A_key_that_is_not_there_cannot_be_revoked_and_nothing_happens()
    {
        Given(new KeyIssued(Key, Operator), new KeyRevoked(Key.Id, Now, Operator));

        var (reply, turn) = When(new RevokeKey(Key.Id, Operator));

        Assert.Equal(new KeyReply.Unknown(), reply);
        Assert.Empty(turn.Events);
        Assert.Empty(turn.Messages);
    }

    [Fact]
    public void One_key_more_than_there_may_be_is_refused()
    {
        State = new(7, Enumerable.Range(0, KeysBehavior.MostKeys).Select(number => Key with { Name = $"key {number}" }).ToValueList());

        var (reply, turn) = When(new IssueKey(Key, null, Operator));

        Assert.Equal(new KeyReply.TooMany(KeysBehavior.MostKeys), reply);
        Assert.Empty(turn.Events);
    }

    // Broken on purpose: the version left as it is by a revocation, so that no bridge would hear of one.
    [Fact]
    public void Whoever_knows_the_version_is_not_told_again_until_a_key_is_issued_or_revoked()
    {
        Given(new KeyIssued(Key, Operator));

        Assert.Equal([Key], Read(-1).Keys!);
        Assert.Null(Read(State.Version).Keys);
        var known = State.Version;
        When(new RevokeKey(Key.Id, Operator));
        Assert.Equal([], Read(known).Keys!);
    }

    [Fact]
    public void Folding_the_journal_gives_the_same_keys()
    {
        When(new IssueKey(Key, 60, Operator));
        When(new IssueKey(Key with { Id = new("01KDWYX3000000000000000002") }, null, Operator));
        When(new RevokeKey(Key.Id, Operator));

        Assert.Equal(State, Folded());
    }

    private KeysReply Read(long known) => When(new ReadKeys(known)).Reply;
}
