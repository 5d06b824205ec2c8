using System.Globalization;
using System.Text;
using System.Text.Json.Serialization;
using AgentCluster.Actors;

namespace AgentCluster.Tests.Runtime;

/// <summary>The least actor that recovers from rows: things lie on it while they are open, and are cold once they are put away.</summary>
internal sealed class Shelf : IRowBehavior<ShelfState, ShelfCommand, ShelfEvent>
{
    public static RowTable Things { get; } = new("thing", [new("open", RowType.Integer)]);

    public static string Kind => "shelf";

    public static ActorJson Json { get; } = new(
        new(ShelfJson.Default, typeof(ShelfCommand)), new(ShelfJson.Default, typeof(ShelfEvent)), new(ShelfJson.Default, typeof(ShelfReply)), null);

    public static RowQuery? Awake => new(Things) { Where = [new("open", RowTest.Equal, RowValue.Of(true))] };

    public static ShelfState Initial(string name) => new(name);

    public static Decision<ShelfEvent> Decide(ShelfState state, ShelfCommand command, in Turn turn)
    {
        var key = new RowKey(Things.Name, command.Thing);
        if (!state.Things.TryGetValue(command.Thing, out var thing) && !turn.IsAbsent(key))
        {
            return Decision<ShelfEvent>.Needs(key);
        }

        return command switch
        {
            ShelfCommand.Look look => Decision<ShelfEvent>.Answer(look, new ShelfReply.Seen(thing?.Uses ?? -1, thing?.IsOpen ?? false)),
            ShelfCommand.Use use => Decision<ShelfEvent>.Answer(
                use, new ShelfReply.Seen((thing?.Uses ?? 0) + 1, true), new ShelfEvent.Used(use.Thing)),
            ShelfCommand.PutAway away => Decision<ShelfEvent>.Answer(
                away, new ShelfReply.Seen(thing?.Uses ?? 0, false), new ShelfEvent.PutAway(away.Thing)),
            _ => throw new System.Diagnostics.UnreachableException(command.GetType().Name),
        };
    }

    public static ShelfState Apply(ShelfState state, ShelfEvent happened)
    {
        var thing = state.Things.GetValueOrDefault(happened.Thing) ?? new(0, true);
        state.Things[happened.Thing] = happened is ShelfEvent.Used
            ? new(thing.Uses + 1, true)
            : thing with { IsOpen = false };
        state.Touched.Add(happened.Thing);
        return state;
    }

    public static IEnumerable<TimerChange> Timers(ShelfState state) => [];

    public static IReadOnlyList<RowQuery> Open(string name) =>
        [new(Things) { Where = [new("open", RowTest.Equal, RowValue.Of(true))] }];

    public static ShelfState Load(ShelfState state, IReadOnlyList<Row> rows)
    {
        foreach (var row in rows)
        {
            state.Things.TryAdd(row.Key.Id, new(
                int.Parse(Encoding.UTF8.GetString(row.Payload.Span), CultureInfo.InvariantCulture), row.Columns[0].Number == 1));
        }

        return state;
    }

    public static ShelfState Forget(ShelfState state, RowKey key)
    {
        if (state.Things.TryGetValue(key.Id, out var thing) && !thing.IsOpen)
        {
            state.Things.Remove(key.Id);
        }

        return state;
    }
}

internal sealed class ShelfState(string name) : IRowState
{
    public Dictionary<string, Thing> Things { get; } = [];

    public List<string> Touched { get; } = [];

    public void TakeTouched(ICollection<RowKey> into)
    {
        Touched.ForEach(thing => into.Add(new(Shelf.Things.Name, thing)));
        Touched.Clear();
    }

    public Row? Project(RowKey key) => new(
        key,
        new(Shelf.Kind, name),
        [RowValue.Of(Things[key.Id].IsOpen)],
        Encoding.UTF8.GetBytes(Things[key.Id].Uses.ToString(CultureInfo.InvariantCulture)));
}

internal sealed record Thing(int Uses, bool IsOpen);

[JsonPolymorphic]
[JsonDerivedType(typeof(Use), "use.v1")]
internal abstract record ShelfCommand(string Thing) : ICommand
{
    public sealed record Look(string Thing) : ShelfCommand(Thing), ICommand<ShelfReply>;

    public sealed record Use(string Thing) : ShelfCommand(Thing), ICommand<ShelfReply>;

    public sealed record PutAway(string Thing) : ShelfCommand(Thing), ICommand<ShelfReply>;
}

[JsonPolymorphic]
[JsonDerivedType(typeof(Used), "used.v1")]
[JsonDerivedType(typeof(PutAway), "put-away.v1")]
internal abstract record ShelfEvent(string Thing)
{
    public sealed record Used(string Thing) : ShelfEvent(Thing);

    public sealed record PutAway(string Thing) : ShelfEvent(Thing);
}

[JsonPolymorphic]
[JsonDerivedType(typeof(Seen), "seen.v1")]
internal abstract record ShelfReply
{
    public sealed record Seen(int Uses, bool IsOpen) : ShelfReply;
}

[JsonSerializable(typeof(ShelfCommand))]
[JsonSerializable(typeof(ShelfEvent))]
[JsonSerializable(typeof(ShelfReply))]
internal sealed partial class ShelfJson : JsonSerializerContext;
