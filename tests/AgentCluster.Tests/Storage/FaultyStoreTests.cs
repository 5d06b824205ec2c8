using AgentCluster.Actors;
using AgentCluster.Runtime.Store;
using AgentCluster.TestKit;
using AgentCluster.TestKit.Stores;

namespace AgentCluster.Tests.Storage;

/// <summary>The faults that tests of the runtime rely on happen as they say.</summary>
public sealed class FaultyStoreTests : IAsyncDisposable
{
    private static readonly ActorId Ada = new("agent", "ada");
    private static readonly ActorId Grace = new("agent", "grace");
    private readonly VirtualClock _clock = new();
    private readonly MemoryStore _memory;
    private readonly FaultyStore _store;

    public FaultyStoreTests()
    {
        _memory = new([], _clock);
        _store = new(_memory, _clock);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(CommitOutcome.Busy)]
    [InlineData(CommitOutcome.Refused)]
    [InlineData(CommitOutcome.Full)]
    [InlineData(CommitOutcome.Failed)]
    [InlineData(CommitOutcome.Unknown)]
    public async Task A_commit_that_fails_writes_nothing_and_the_next_one_goes_through(CommitOutcome outcome)
    {
        var lease = await AcquireAsync();
        var fault = _store.FailCommits(outcome);
        Assert.Equal(0, fault.Used);

        Assert.Equal(outcome, await CommitAsync(lease));
        Assert.Equal((1, 0L), (fault.Used, _memory.Commits));
        Assert.True(fault.Reached.IsCompleted);

        Assert.Equal(CommitOutcome.Done, await CommitAsync(lease));
        Assert.Equal((1, 2), (fault.Used, _store.Commits));
    }

    [Fact]
    public async Task A_fault_waits_for_the_group_that_it_is_meant_for()
    {
        var lease = await AcquireAsync();
        var fault = _store.FailCommits(CommitOutcome.Failed, when: batches => batches.Any(batch => batch.Events.Count == 2));

        Assert.Equal(CommitOutcome.Done, await CommitAsync(lease, Ada));
        Assert.Equal(CommitOutcome.Failed, await CommitAsync(lease with { Sequence = 1 }, Ada, Grace));

        Assert.Equal(1, fault.Used);
    }

    [Fact]
    public async Task A_lost_answer_was_written_and_settles_as_written()
    {
        var lease = await AcquireAsync();
        _store.LoseAnswers();

        Assert.Equal(CommitOutcome.Unknown, await CommitAsync(lease));

        Assert.Equal(lease with { Sequence = 1, LastBatch = 1 }, await _store.SettleAsync(0, Token));
    }

    [Fact]
    public async Task A_held_commit_is_in_flight_until_the_test_lets_it_go()
    {
        var lease = await AcquireAsync();
        var fault = _store.HoldCommits();

        var commit = CommitAsync(lease);
        Assert.Equal((true, false, 0L), (fault.Reached.IsCompleted, commit.IsCompleted, _memory.Commits));
        fault.Release();

        Assert.Equal(CommitOutcome.Done, await commit);
    }

    [Fact]
    public async Task An_orphan_takes_effect_later_and_settling_waits_for_it()
    {
        var lease = await AcquireAsync();
        var fault = _store.OrphanCommits();
        Assert.Equal(CommitOutcome.Unknown, await CommitAsync(lease));

        var settling = _store.SettleAsync(0, Token).AsTask();
        Assert.False(settling.IsCompleted);
        fault.Release();

        Assert.Equal(1, (await settling).Sequence);
    }

    [Fact]
    public async Task A_slow_commit_is_written_when_its_time_has_come()
    {
        var lease = await AcquireAsync();
        _store.DelayCommits(TimeSpan.FromSeconds(3));

        var commit = CommitAsync(lease);
        _clock.Advance(TimeSpan.FromSeconds(2.9));
        Assert.False(commit.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal(CommitOutcome.Done, await commit);
    }

    [Fact]
    public async Task An_actors_data_error_persists_until_it_is_ended()
    {
        var lease = await AcquireAsync();
        var fault = _store.RefuseActor(Ada);

        Assert.Equal(CommitOutcome.Refused, await CommitAsync(lease, Grace, Ada));
        Assert.Equal(CommitOutcome.Refused, await CommitAsync(lease, Ada));
        Assert.Equal(CommitOutcome.Done, await CommitAsync(lease, Grace));
        fault.End();

        Assert.Equal(CommitOutcome.Done, await CommitAsync(lease with { Sequence = 1 }, Ada));
        Assert.Equal(2, fault.Used);
    }

    [Fact]
    public async Task A_call_fails_before_or_after_it_has_reached_the_store()
    {
        var lost = _store.LoseCalls(StoreCall.Acquire);
        _store.FailCalls(StoreCall.Settle);

        await Assert.ThrowsAsync<StoreUnavailableException>(AcquireAsync);
        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await _store.SettleAsync(0, Token));

        Assert.Equal(1, (await _store.SettleAsync(0, Token)).Epoch);
        Assert.Equal(1, lost.Used);
    }

    [Fact]
    public async Task A_held_call_waits_for_the_test()
    {
        var fault = _store.HoldCalls(StoreCall.Load);

        var loading = _store.LoadAsync(Ada, Token).AsTask();
        Assert.Equal((true, false), (fault.Reached.IsCompleted, loading.IsCompleted));
        fault.Release();

        Assert.Empty((await loading).Outbox);
    }

    [Fact]
    public async Task In_memory_a_commit_takes_effect_between_its_two_legs_and_settling_waits_for_what_is_on_the_way()
    {
        var lease = await AcquireAsync();
        (_memory.RequestLeg, _memory.ReplyLeg) = (TimeSpan.FromMilliseconds(4), TimeSpan.FromMilliseconds(6));

        var commit = CommitAsync(lease);
        var settling = _memory.SettleAsync(0, Token).AsTask();
        _clock.Advance(TimeSpan.FromMilliseconds(3));
        Assert.Equal(0, _memory.Commits);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((1L, false), (_memory.Commits, commit.IsCompleted));
        _clock.Advance(TimeSpan.FromMilliseconds(20));

        Assert.Equal(CommitOutcome.Done, await commit);
        Assert.Equal(1, (await settling).Sequence);
    }

    private async Task<ShardLease> AcquireAsync() => (await _store.AcquireAsync([0], new(1), Token))[0];

    private async Task<CommitOutcome> CommitAsync(ShardLease held, params ActorId[] actors)
    {
        var events = (actors.Length == 0 ? [Ada] : actors)
            .Select(actor => new EventWrite(actor, "x.v1", DateTimeOffset.UnixEpoch, default, Replayed: false));
        return (await _store.CommitAsync([new(held, held.LastBatch + 1, [.. events], [], [])], Token)).Outcome;
    }
}
