using AgentCluster.Actors;
using AgentCluster.Runtime.Asks;
using AgentCluster.Runtime.Kinds;
using AgentCluster.Runtime.Mail;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.TestKit.Probes;

/// <summary>
/// A listener with the words of Akka.TestKit's probes. It stands in for a whole kind of actors, whose messages it
/// receives in the order in which they arrive; and it sends commands from outside, whose replies it receives. All waits
/// are simulated: <c>ExpectNoMsgAsync</c> for five minutes takes no time.
/// </summary>
/// <remarks>
/// <para>
/// It is a real receiver: commands reach it through the sender's commit, outbox and codec, and its answers go through
/// its own. A message that is delivered again, because the node was killed before the receipt was durable, is received once.
/// </para>
/// <para>
/// Left out: <c>Watch</c> and <c>ExpectTerminated</c>, because actors here do not terminate; latches and barriers, because a
/// world has one thread, where a <see cref="TaskCompletionSource"/> does; <c>Dilated</c>, because simulated time needs no
/// allowance for slow machines; and <c>Reply</c>, because a turn ends with its reply: <see cref="SetAutoPilot"/> decides it.
/// </para>
/// </remarks>
public sealed partial class TestProbe
{
    private readonly World _world;
    private readonly ProbeMailbox _mailbox;
    private readonly Dictionary<(ActorId From, ActorId To), long> _marks = [];
    private Func<ActorId, ICommand, Decision<NoEvent>>? _pilot;

    /// <summary>Makes a probe that has received nothing.</summary>
    /// <param name="world">Where it waits.</param>
    public TestProbe(World world)
    {
        _world = world;
        _mailbox = new(world);
    }

    /// <summary>How long a word waits that is given no time: 3 simulated seconds, or what is left of a <c>WithinAsync</c>.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Where <see cref="Ask{TReply}"/> and <see cref="Tell"/> go.</summary>
    public SimulatedNode? Node { get; set; }

    /// <summary>Who sent the message that was taken last; null when it came from outside of all actors, or none was taken.</summary>
    public ActorId? LastSender { get; private set; }

    /// <summary>The message that was taken last.</summary>
    public object? LastMessage { get; private set; }

    /// <summary>Whether a message waits.</summary>
    public bool HasMessages => _mailbox.Waiting.Count > 0;

    /// <summary>The probe in the place of a kind: same name, same commands. Give it to the node instead of the kind.</summary>
    /// <param name="kind">Whose actors are not wanted.</param>
    public ActorKind InPlaceOf(ActorKind kind) => ActorKind.StandIn(kind.Name, kind.Json, kind.Tables, Actor(kind.Name));

    /// <summary>The probe as a kind of its own, for behaviors that are told whom to tell.</summary>
    /// <param name="kind">The first half of its actors' addresses.</param>
    /// <param name="commands">How the commands are written that it receives.</param>
    public ActorKind As(string kind, NamedJson commands) =>
        ActorKind.StandIn(kind, new(commands, NamedJson.None, NamedJson.None, null), [], Actor(kind));

    /// <summary>
    /// Has <paramref name="pilot"/> decide in the place of the actors: it may answer, tell other actors and set timers.
    /// Every command is received all the same. Without one, messages are taken note of and asks fail.
    /// </summary>
    /// <param name="pilot">Gets the actor that was meant, and the command; null: none from now on.</param>
    public void SetAutoPilot(Func<ActorId, ICommand, Decision<NoEvent>>? pilot) => _pilot = pilot;

    /// <summary>From now on messages that match are not received. Replaces what was ignored before.</summary>
    /// <param name="ignored">Which.</param>
    public void IgnoreMessages(Predicate<object> ignored) => _mailbox.Ignored = ignored;

    /// <summary>From now on every message is received.</summary>
    public void IgnoreNoMessages() => _mailbox.Ignored = null;

    /// <summary>Sends a command from outside and goes on; the reply is received, or an <see cref="AskFailed"/>.</summary>
    /// <typeparam name="TReply">What the command promises.</typeparam>
    /// <param name="actor">Who is asked; the sender of the reply.</param>
    /// <param name="command">What.</param>
    /// <param name="id">The probe's name for it; null for a command without one.</param>
    public void Ask<TReply>(ActorId actor, ICommand<TReply> command, CommandId? id = null)
    {
        var node = NodeOrThrow();
        _ = _world.Start(async () =>
        {
            object reply;
            try
            {
                reply = (await node.AskAsync(actor, command, id))!;
            }
#pragma warning disable CA1031 // Whatever came of it is what the test wants to see.
            catch (Exception error)
#pragma warning restore CA1031
            {
                reply = new AskFailed(error);
            }

            _mailbox.Put(new(reply, actor, null, _world.Clock.Elapsed));
        });
    }

    /// <summary>Tells from outside, without an answer; it may be lost.</summary>
    /// <param name="actor">Who is told.</param>
    /// <param name="command">What.</param>
    public void Tell(ActorId actor, ICommand command) => NodeOrThrow().Tell(actor, command);

    internal Decision<NoEvent> Hear(ActorId self, Envelope envelope)
    {
        var decision = _pilot?.Invoke(self, envelope.Command) ?? Decision<NoEvent>.Note();
        if (!decision.Missing.IsEmpty)
        {
            throw new InvalidOperationException("A probe has no rows: its autopilot must decide without.");
        }

        if (IsNew(self, envelope.Letter))
        {
            _mailbox.Put(new(envelope.Command, envelope.Letter?.From, self, _world.Clock.Elapsed));
        }

        return envelope.Ask is null || decision.Reply is not null
            ? decision
            : throw new InvalidOperationException($"{self} is a probe and has no answer to {envelope.Command}: give it an autopilot that has.");
    }

    private Func<string, Machine> Actor(string kind) => name => new ProbeMachine(this, new(kind, name));

    private bool IsNew(ActorId self, Letter? letter)
    {
        if (letter is null)
        {
            return true;
        }

        if (letter.Number <= _marks.GetValueOrDefault((letter.From, self)))
        {
            return false;
        }

        _marks[(letter.From, self)] = letter.Number;
        return true;
    }

    private SimulatedNode NodeOrThrow() =>
        Node ?? throw new InvalidOperationException("The probe has no node to send to: set its Node.");
}
