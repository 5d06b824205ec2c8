using System.Text.Json.Serialization;
using AgentCluster.Actors;

namespace AgentCluster.Tests.Architecture;

/// <summary>A light that is switched on, and goes off by itself after an hour.</summary>
internal sealed class Light : IBehavior<LightState, LightCommand, LightEvent>
{
    public static string Kind => "light";

    public static ActorJson Json { get; } = new(
        new(LightJson.Default, typeof(LightCommand)), new(LightJson.Default, typeof(LightEvent)), new(LightJson.Default, typeof(LightReply)),
        () => LightJson.Default.LightState);

    public static RowQuery? Awake => null;

    public static LightState Initial(string name) => new(IsOn: false);

    // Pure: the same state and command always give the same decision, and nothing is changed here.
    public static Decision<LightEvent> Decide(LightState state, LightCommand command, in Turn turn) => command switch
    {
        LightCommand.Switch { On: true } on when state.IsOn => Decision<LightEvent>.Answer(on, new LightReply.Already()),
        LightCommand.Switch { On: true } on => Decision<LightEvent>
            .Answer(on, new LightReply.Done(), new LightEvent.WentOn())
            .With(new TimerChange.Set(new("off", ""), turn.Now.AddHours(1), new LightCommand.Expire())),
        LightCommand.Switch off => Decision<LightEvent>
            .Answer(off, new LightReply.Done(), new LightEvent.WentOff())
            .With(new TimerChange.Cancel(new("off", ""))),
        LightCommand.Expire => state.IsOn ? Decision<LightEvent>.Note(new LightEvent.WentOff()) : Decision<LightEvent>.Note(),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    // Refuses nothing: it has already happened. Recovery folds the same function over the journal.
    public static LightState Apply(LightState state, LightEvent happened) => new(IsOn: happened is LightEvent.WentOn);

    public static IEnumerable<TimerChange> Timers(LightState state) => [];
}

internal sealed record LightState(bool IsOn);

[JsonPolymorphic]
[JsonDerivedType(typeof(Expire), "expire.v1")]
internal abstract record LightCommand : ICommand
{
    public sealed record Switch(bool On) : LightCommand, ICommand<LightReply>;

    public sealed record Expire : LightCommand;
}

[JsonPolymorphic]
[JsonDerivedType(typeof(WentOn), "went-on.v1")]
[JsonDerivedType(typeof(WentOff), "went-off.v1")]
internal abstract record LightEvent
{
    public sealed record WentOn : LightEvent;

    public sealed record WentOff : LightEvent;
}

[JsonPolymorphic]
[JsonDerivedType(typeof(Done), "done.v1")]
[JsonDerivedType(typeof(Already), "already.v1")]
internal abstract record LightReply
{
    public sealed record Done : LightReply;

    public sealed record Already : LightReply;
}

[JsonSerializable(typeof(LightState))]
[JsonSerializable(typeof(LightCommand))]
[JsonSerializable(typeof(LightEvent))]
[JsonSerializable(typeof(LightReply))]
internal sealed partial class LightJson : JsonSerializerContext;
