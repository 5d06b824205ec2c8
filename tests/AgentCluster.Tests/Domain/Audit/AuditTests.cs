using AgentCluster.Domain.Audit;
using AgentCluster.TestKit.Behaviors;
using static AgentCluster.Domain.Audit.AuditCommand;
using static AgentCluster.Domain.Audit.AuditEvent;

namespace AgentCluster.Tests.Domain.Audit;

public sealed class AuditTests() : BehaviorSpec<AuditBehavior, AuditState, AuditCommand, AuditEvent>("cluster")
{
    [Fact]
    public void What_a_bridge_saw_and_what_an_actor_decided_are_kept_in_order()
    {
        var (reply, turn) = When(new RecordEntries([Entry(1), Entry(2)]));
        var told = WhenTold(new TakeEntry(Entry(3)));

        Assert.Equal(2, reply.Total);
        Assert.Equal([new EntryRecorded(Entry(1)), new EntryRecorded(Entry(2))], turn.Events);
        Assert.Equal([new EntryRecorded(Entry(3))], told.Events);
        Assert.Equal(new AuditReply(3, [Entry(1), Entry(2), Entry(3)]), When(new ReadAudit()).Reply);
        Assert.Equal(State, Folded());
    }

    [Fact]
    public void Only_the_last_entries_are_remembered()
    {
        foreach (var number in Enumerable.Range(1, AuditState.Remembered + 5))
        {
            Given(new EntryRecorded(Entry(number)));
        }

        var read = When(new ReadAudit()).Reply;

        Assert.Equal((AuditState.Remembered + 5, AuditState.Remembered), (read.Total, read.Last.Count));
        Assert.Equal(Entry(6), read.Last[0]);
    }

    private AuditEntry Entry(long number) => new(AuditDecision.Forbidden, "ada", "POST /api/v1/keys", "scope admin", "r", number, Now, Now, number % 2 == 0 ? "127.0.0.1" : null);
}
