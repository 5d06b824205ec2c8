using AgentCluster.Actors;
using AgentCluster.Runtime;
using AgentCluster.Runtime.Store;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Tests.Runtime;

/// <summary>P6: timers fire after their time, once in effect.</summary>
public sealed class TimerTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void A_durable_timer_fires_once_after_its_time() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        await node.Ask("a", new NotebookCommand.Remind("tea", Hour));
        await world.Pass(Hour - TimeSpan.FromSeconds(1));
        Assert.Empty(await node.Lines("a"));

        await world.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(["tea"], await node.Lines("a"));
        await node.RestartAsync();
        await world.Pass(2 * Hour);
        Assert.Equal(["tea"], await node.Lines("a"));
    });

    // Broken on purpose: not waking the owners of timer rows on acquiring a shard fails this.
    [Fact]
    public void A_durable_timer_fires_although_the_node_died_and_nobody_asked() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        await node.Ask("a", new NotebookCommand.Remind("tea", Hour));
        await node.RestartAsync();
        await world.Pass(Hour + TimeSpan.FromSeconds(1));

        Assert.Equal(1, await node.EventsStored());
    });

    [Fact]
    public void A_durable_timer_fires_although_its_actor_left_memory() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        await node.Ask("a", new NotebookCommand.Remind("tea", Hour));
        await world.Pass(Hour / 2);
        Assert.Null(await node.Actors.InspectAsync(new ActorId(Notebook.Kind, "a"), CancellationToken.None));

        await world.Pass(Hour / 2 + TimeSpan.FromSeconds(1));
        Assert.Equal(1, await node.EventsStored());
    });

    // Broken on purpose: without the wait in Cell.Install the failing store is asked without end. Found by seed 2215.
    [Fact]
    public void What_is_due_at_once_after_a_recovery_does_not_ask_a_store_that_cannot_write_at_once_for_ever() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        await node.Write("a", "due");
        await node.RestartAsync();
        var full = node.Store.FailCommits(CommitOutcome.Full, int.MaxValue, batches => batches.Any(batch => batch.Events.Count > 0));

        node.Actors.Tell(new(Notebook.Kind, "a"), new NotebookCommand.Whisper());
        await world.Pass(TimeSpan.FromSeconds(20));

        Assert.InRange(full.Used, 2, 12);
        full.End();
        await world.Pass(TimeSpan.FromSeconds(10));
        Assert.Equal(["due", "rang"], await node.Lines("a"));
    });

    [Fact]
    public void A_timer_whose_turn_was_not_written_fires_again() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        await node.Ask("a", new NotebookCommand.Remind("tea", Hour));
        var fail = node.Store.FailCommits(CommitOutcome.Failed, times: 2);
        await world.Pass(Hour + TimeSpan.FromSeconds(10));

        Assert.Equal(2, fail.Used);
        Assert.Equal(["tea"], await node.Lines("a"));
    });

    [Fact]
    public void A_cancelled_timer_does_not_fire_and_leaves_no_row() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        await node.Ask("a", new NotebookCommand.Remind("tea", Hour));
        await node.Ask("a", new NotebookCommand.Forget("tea"));
        await node.RestartAsync();
        await world.Pass(2 * Hour);

        Assert.Empty(await node.Lines("a"));
        Assert.Empty((await node.Memory.QueryAsync(new(RuntimeTables.Timer), CancellationToken.None)).Rows);
    });

    [Fact]
    public void Setting_a_timer_again_replaces_it() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        await node.Ask("a", new NotebookCommand.Remind("tea", Hour));
        await node.Ask("a", new NotebookCommand.Remind("tea", 3 * Hour));
        await world.Pass(2 * Hour);
        Assert.Empty(await node.Lines("a"));
        await world.Pass(2 * Hour);
        Assert.Equal(["tea"], await node.Lines("a"));
    });

    [Fact]
    public void An_implied_timer_keeps_its_actor_in_memory_and_fires() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        await node.Ask("a", new NotebookCommand.Remind("lease", Hour, Implied: true));
        await world.Pass(Hour - TimeSpan.FromSeconds(1));
        Assert.NotNull(await node.Actors.InspectAsync(new ActorId(Notebook.Kind, "a"), CancellationToken.None));
        Assert.Equal(0, await node.EventsStored());

        await world.Pass(TimeSpan.FromSeconds(2));
        Assert.Equal(1, await node.EventsStored());
    });

    // Broken on purpose: firing at once after the leap fails this: who should have renewed was stopped too.
    [Fact]
    public void An_implied_timer_that_is_late_because_the_process_stood_still_starts_again_in_full() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world);
        await node.Ask("a", new NotebookCommand.Remind("lease", Hour, Implied: true));
        await world.Pass(TimeSpan.FromSeconds(1));
        world.StandStill(2 * Hour);
        await world.Pass(Hour - TimeSpan.FromSeconds(10));
        Assert.Equal(0, await node.EventsStored());

        await world.Pass(TimeSpan.FromSeconds(20));
        Assert.Equal(1, await node.EventsStored());
    });

    // Broken on purpose: handing the timer on with the commands that wait. Found by seed 30668: an agent went offline by it, long before its time.
    [Fact]
    public void A_timer_that_fired_for_an_actor_that_was_dropped_means_nothing_to_the_one_in_its_place() => World.Run(async world =>
    {
        var node = await Node.StartAsync(world, new() { Shards = 4, BatchTurns = 1 });
        await node.Ask("a", new NotebookCommand.Remind("lease", TimeSpan.FromSeconds(1), Implied: true));
        var failed = node.Store.FailCommits(CommitOutcome.Failed, after: TimeSpan.FromSeconds(2));
        var written = node.Write("a", "first");
        await world.Pass(TimeSpan.FromMilliseconds(1));
        var waiting = node.Write("a", "second");
        await world.Pass(TimeSpan.FromSeconds(10));

        Assert.Equal(1, failed.Used);
        await Assert.ThrowsAsync<ActorUnavailableException>(() => written);
        await Assert.ThrowsAsync<ActorUnavailableException>(() => waiting);
        Assert.Empty(await node.Lines("a"));
    });
}
