using System.Text.Json.Serialization;
using AgentCluster.Actors;

namespace AgentCluster.Tests.Runtime;

/// <summary>The least actor that uses everything the runtime offers: it writes down lines, and can be made to misbehave.</summary>
internal sealed class Notebook : IBehavior<NotebookState, NotebookCommand, NotebookEvent>
{
    public static string Kind => "notebook";

    public static ActorJson Json { get; } = new(
        new(NotebookJson.Default, typeof(NotebookCommand)),
        new(NotebookJson.Default, typeof(NotebookEvent)),
        new(NotebookJson.Default, typeof(NotebookReply)),
        () => NotebookJson.Default.NotebookState);

    public static RowQuery? Awake => null;

    public static NotebookState Initial(string name) => new();

    public static Decision<NotebookEvent> Decide(NotebookState state, NotebookCommand command, in Turn turn) => command switch
    {
        NotebookCommand.Write { Line: "throw" } => throw new InvalidOperationException("Decide was told to throw."),
        NotebookCommand.Write { Line: "" } write => Answer(write, new NotebookReply.Refused()),
        NotebookCommand.Write write => Answer(write, new NotebookReply.Written(state.Lines.Count + 1), new NotebookEvent.Noted(write.Line)),
        NotebookCommand.Read read => Answer(read, new NotebookReply.Read([.. state.Lines], state.Whispers)),
        NotebookCommand.Whisper => Decision<NotebookEvent>.Note().Softly(new NotebookEvent.Whispered()),
        NotebookCommand.Send send => Answer(send, new NotebookReply.Written(state.Lines.Count + 1), new NotebookEvent.Noted(send.Line))
            .Tell([.. Enumerable.Range(1, send.Copies).Select(copy =>
                new Message(new(Kind, send.To), new NotebookCommand.Hear($"{send.Line}#{copy}")))]),
        NotebookCommand.Hear { Line: "throw#1" } => throw new InvalidOperationException("Decide was told to throw."),
        NotebookCommand.Hear hear => Decision<NotebookEvent>.Note(new NotebookEvent.Noted(hear.Line)),
        NotebookCommand.Remind { Implied: true } remind => Answer(remind, new NotebookReply.Written(state.Lines.Count))
            .With(new TimerChange.Arm(new("remind", remind.Line), remind.After, new NotebookCommand.Hear(remind.Line))),
        NotebookCommand.Remind remind => Answer(remind, new NotebookReply.Written(state.Lines.Count))
            .With(new TimerChange.Set(new("remind", remind.Line), turn.Now + remind.After, new NotebookCommand.Hear(remind.Line))),
        NotebookCommand.Forget forget => Answer(forget, new NotebookReply.Written(state.Lines.Count))
            .With(new TimerChange.Cancel(new("remind", forget.Line))),
        _ => throw new System.Diagnostics.UnreachableException(command.GetType().Name),
    };

    public static NotebookState Apply(NotebookState state, NotebookEvent happened)
    {
        switch (happened)
        {
            case NotebookEvent.Noted { Line: "poison" }:
                throw new InvalidOperationException("Apply was told to throw.");
            case NotebookEvent.Noted noted:
                state.Lines.Add(noted.Line);
                break;
            case NotebookEvent.Whispered:
                state.Whispers++;
                break;
        }

        return state;
    }

    public static IEnumerable<TimerChange> Timers(NotebookState state) =>
        state.Lines is [.., "due"] ? [new TimerChange.Arm(new("due", ""), TimeSpan.Zero, new NotebookCommand.Hear("rang"))] : [];

    private static Decision<NotebookEvent> Answer(
        ICommand<NotebookReply> command, NotebookReply reply, params ReadOnlySpan<NotebookEvent> events) =>
        Decision<NotebookEvent>.Answer(command, reply, events);
}

internal sealed class NotebookState
{
    public List<string> Lines { get; init; } = [];

    [JsonIgnore]
    public int Whispers { get; set; }
}

[JsonPolymorphic]
[JsonDerivedType(typeof(Write), "write.v1")]
[JsonDerivedType(typeof(Hear), "hear.v1")]
internal abstract record NotebookCommand : ICommand
{
    /// <summary>Notes a line; refused when empty.</summary>
    public sealed record Write(string Line) : NotebookCommand, ICommand<NotebookReply>;

    public sealed record Read : NotebookCommand, ICommand<NotebookReply>;

    /// <summary>Soft.</summary>
    public sealed record Whisper : NotebookCommand;

    /// <summary>Notes a line and tells another notebook, so many times in one commit.</summary>
    public sealed record Send(string To, string Line, int Copies = 1) : NotebookCommand, ICommand<NotebookReply>;

    public sealed record Hear(string Line) : NotebookCommand;

    public sealed record Remind(string Line, TimeSpan After, bool Implied = false) : NotebookCommand, ICommand<NotebookReply>;

    public sealed record Forget(string Line) : NotebookCommand, ICommand<NotebookReply>;
}

[JsonPolymorphic]
[JsonDerivedType(typeof(Noted), "noted.v1")]
internal abstract record NotebookEvent
{
    public sealed record Noted(string Line) : NotebookEvent;

    public sealed record Whispered : NotebookEvent;
}

[JsonPolymorphic]
[JsonDerivedType(typeof(Written), "written.v1")]
[JsonDerivedType(typeof(Refused), "refused.v1")]
internal abstract record NotebookReply
{
    public sealed record Written(int Number) : NotebookReply;

    public sealed record Refused : NotebookReply;

    public sealed record Read(IReadOnlyList<string> Lines, int Whispers) : NotebookReply;
}

[JsonSerializable(typeof(NotebookCommand))]
[JsonSerializable(typeof(NotebookEvent))]
[JsonSerializable(typeof(NotebookReply))]
[JsonSerializable(typeof(NotebookState))]
internal sealed partial class NotebookJson : JsonSerializerContext;
