using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.ResourcePool;
using static AgentCluster.Domain.ResourcePool.PoolCommand;
using static AgentCluster.Domain.ResourcePool.PoolEvent;

namespace AgentCluster.Tests.Domain.ResourcePool;

/// <summary>What agents have for nothing is taken before another one is refused.</summary>
public sealed class ReclaimingTests : PoolSpec
{
    private static readonly AgentId Linus = new("linus");
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);

    // Broken on purpose: without the minute, and without a look at who is idle.
    [Fact]
    public void What_an_idle_agent_has_had_for_a_minute_is_taken_and_what_it_has_just_been_given_is_not()
    {
        var had = Have(Ada, new Amount("cpu", 100)).Id;
        Pass(Minute - TimeSpan.FromSeconds(1));
        Assert.Equal([Ada], Refused([Ada], new Amount("cpu", 1)).Holders);
        Pass(TimeSpan.FromSeconds(1));
        Assert.Equal([Ada], Refused([], new Amount("cpu", 1)).Holders);

        var (reply, turn) = When(new Allocate(Asked(Linus, new Amount("cpu", 30)), [Ada]));

        Assert.IsType<AllocateReply.Given>(reply);
        Assert.Equal((had, AllocationEnd.Idle), turn.Events[0] is AllocationEnded ended ? (ended.Id, ended.End) : default);
        Assert.Contains("'linus' needed it", Assert.IsType<AgentCommand.TakeMail>(turn.Messages.First(message => message.To == Kinds.AgentOf(Ada)).Command).Mail.Content.Text, StringComparison.Ordinal);
        Assert.Equal(70, Available("cpu"));
    }

    [Fact]
    public void No_more_is_taken_than_is_needed_and_the_oldest_first()
    {
        var oldest = Have(Ada, new Amount("cpu", 30)).Id;
        var other = Have(Ada, new Amount("memory", 30)).Id;
        Have(Grace, new Amount("cpu", 70));
        Pass(Minute);

        var events = When(new Allocate(Asked(Linus, new Amount("cpu", 10)), [Ada, Grace])).Turn.Events;

        Assert.Equal([oldest], events.OfType<AllocationEnded>().Select(ended => ended.Id));
        Assert.Contains(State.Active, each => each.Id == other);
    }

    // Broken on purpose: Choose that gives what it found although it is not enough.
    [Fact]
    public void Nothing_is_taken_when_all_of_it_would_not_be_enough()
    {
        Have(Ada, new Amount("cpu", 30));
        Have(Grace, new Amount("cpu", 70));
        Pass(Minute);

        Refused([Ada], new Amount("cpu", 31));

        Assert.Equal(2, State.Active.Count());
    }

    [Fact]
    public void What_is_for_a_task_renewed_lately_or_the_askers_own_is_left_alone()
    {
        When(new Allocate(Asked(Ada, new Amount("cpu", 20)) with { Task = new("01KDWYX3000000000000000001"), Project = "apollo" }));
        var renewed = Have(Ada, new Amount("cpu", 30));
        Have(Linus, new Amount("cpu", 50));
        Pass(Minute);
        When(new RenewAllocation(renewed.Id));

        Assert.Equal([Ada], Refused([Ada, Linus], new Amount("cpu", 1)).Holders);
    }

    [Fact]
    public void After_a_recovery_the_minute_begins_anew_with_the_first_who_is_refused()
    {
        Have(Ada, new Amount("cpu", 100));
        Pass(Minute);
        State = Folded();
        Uptime = TimeSpan.FromSeconds(5);

        Refused([Ada], new Amount("cpu", 1));
        Pass(Minute - TimeSpan.FromSeconds(1));
        Refused([Ada], new Amount("cpu", 1));
        Pass(TimeSpan.FromSeconds(1));
        Assert.IsType<AllocateReply.Given>(When(new Allocate(Asked(Linus, new Amount("cpu", 1)), [Ada])).Reply);
    }

    private AllocateReply.Insufficient Refused(ValueList<AgentId> idle, Amount amount)
    {
        var (reply, turn) = When(new Allocate(Asked(Linus, amount), idle));
        Assert.Empty(turn.Events);
        return Assert.IsType<AllocateReply.Insufficient>(reply);
    }
}
