using AgentCluster.Actors;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Tests.Storage;

public abstract partial class StoreConformance
{
    [Fact]
    public async Task An_actor_is_loaded_with_all_that_it_owns_and_nothing_else()
    {
        var snapshot = Row(RuntimeTables.Snapshot, Ada.ToString(), Ada, RowValue.Of(7), RowValue.Of("v1"), RowValue.Of(99));
        Row[] outbox = [Outbox("agent/ada>agent/grace#1", Ada), Outbox("agent/ada>agent/grace#2", Ada)];
        var sent = Row(RuntimeTables.Sent, "agent/ada>agent/grace", Ada, RowValue.Of("agent/grace"), RowValue.Of(2));
        var received = Row(RuntimeTables.Received, "agent/grace>agent/ada", Ada, RowValue.Of("agent/grace"), RowValue.Of(5));
        var timer = Row(
            RuntimeTables.Timer, "agent/ada#beat/", Ada, RowValue.Of("beat"), RowValue.Of(""), RowValue.Of("beat.v1"), RowValue.Of(Noon));
        await WriteAsync(Rows(
            await AcquireAsync(0, Old),
            snapshot, outbox[0], outbox[1], sent, received, timer, Outbox("agent/grace>agent/ada#1", Grace), Parked("p", Ada)));

        var image = await Store.LoadAsync(Ada, Token);

        AssertSame(snapshot, image.Snapshot!);
        Assert.Equal(outbox.Select(row => row.Key), image.Outbox.Select(row => row.Key));
        AssertSame(sent, Assert.Single(image.Sent));
        AssertSame(received, Assert.Single(image.Received));
        AssertSame(timer, Assert.Single(image.Timers));
    }

    [Fact]
    public async Task An_actor_that_was_never_written_loads_as_empty()
    {
        var image = await Store.LoadAsync(Ada, Token);

        Assert.Null(image.Snapshot);
        Assert.Empty(image.Outbox.Concat(image.Sent).Concat(image.Received).Concat(image.Timers));
    }

    [Fact]
    public async Task Old_command_ids_are_forgotten_oldest_first()
    {
        Row Command(string id, int hour) =>
            Row(RuntimeTables.Command, id, Ada, RowValue.Of("hash"), RowValue.Of("reply.v1"), RowValue.Of(Noon.AddHours(hour)));
        await WriteAsync(Rows(await AcquireAsync(0, Old), Command("a", 3), Command("b", 1), Command("c", 2), Command("d", 4)));

        Assert.Equal(2, await Store.ForgetCommandsAsync(Noon.AddHours(4), 2, Token));
        Assert.Equal(["a", "d"], (await Store.QueryAsync(new(RuntimeTables.Command), Token)).Rows.Select(row => row.Key.Id));
        Assert.Equal(1, await Store.ForgetCommandsAsync(Noon.AddHours(4), 2, Token));
        Assert.Equal(0, await Store.ForgetCommandsAsync(Noon.AddHours(4), 2, Token));
    }

    private static Row Outbox(string id, ActorId owner) =>
        Row(RuntimeTables.Outbox, id, owner, RowValue.Of("agent/grace"), RowValue.Of(1), RowValue.Of("hello.v1"));
}
