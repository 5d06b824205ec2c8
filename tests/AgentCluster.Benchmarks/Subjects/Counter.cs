using System.Diagnostics;
using System.Text.Json.Serialization;
using AgentCluster.Actors;

namespace AgentCluster.Benchmarks.Subjects;

/// <summary>The least actor: it counts, and can be asked without counting. What is left is the runtime's own cost.</summary>
internal sealed class Counter : IBehavior<CounterState, CounterCommand, CounterEvent>
{
    public static string Kind => "counter";

    public static ActorJson Json { get; } = new(
        new(CounterJson.Default, typeof(CounterCommand)), new(CounterJson.Default, typeof(CounterEvent)),
        new(CounterJson.Default) { ["counted.v1"] = typeof(CounterReply) },
        Snapshot: null);

    public static RowQuery? Awake => null;

    public static CounterState Initial(string name) => new();

    public static Decision<CounterEvent> Decide(CounterState state, CounterCommand command, in Turn turn) => command switch
    {
        CounterCommand.Read read => Decision<CounterEvent>.Answer(read, new CounterReply(state.Count)),
        CounterCommand.Add add => Decision<CounterEvent>.Answer(add, new CounterReply(state.Count + 1), new CounterEvent.Added()),
        _ => throw new UnreachableException(),
    };

    public static CounterState Apply(CounterState state, CounterEvent happened)
    {
        state.Count++;
        return state;
    }

    public static IEnumerable<TimerChange> Timers(CounterState state) => [];
}

internal sealed class CounterState
{
    public long Count { get; set; }
}

[JsonPolymorphic]
[JsonDerivedType(typeof(Read), "read.v1")]
[JsonDerivedType(typeof(Add), "add.v1")]
internal abstract record CounterCommand : ICommand
{
    public sealed record Read : CounterCommand, ICommand<CounterReply>;

    public sealed record Add : CounterCommand, ICommand<CounterReply>;
}

[JsonPolymorphic]
[JsonDerivedType(typeof(Added), "added.v1")]
internal abstract record CounterEvent
{
    public sealed record Added : CounterEvent;
}

internal sealed record CounterReply(long Count);

[JsonSerializable(typeof(CounterCommand))]
[JsonSerializable(typeof(CounterEvent))]
[JsonSerializable(typeof(CounterReply))]
internal sealed partial class CounterJson : JsonSerializerContext;
