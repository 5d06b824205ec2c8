using System.Collections.Concurrent;
using AgentCluster.Actors;

namespace AgentCluster.Tests.Bridge;

/// <summary>Actors that answer as a test says, and remember what they were asked.</summary>
internal sealed class ScriptedActors : IActorClient
{
    private readonly ConcurrentQueue<(ActorId Actor, ICommand Command, CommandId? Id)> _asked = [];
    private readonly ConcurrentQueue<(ActorId Actor, ICommand Command)> _told = [];

    /// <summary>Answers a command, or throws what the actor client would.</summary>
    public Func<ActorId, ICommand, object> Answer { get; set; } =
        (actor, _) => throw new ActorUnavailableException(actor, Unavailable.NotReady, "nobody wrote a script");

    public IReadOnlyCollection<(ActorId Actor, ICommand Command, CommandId? Id)> Asked => _asked;

    public IReadOnlyCollection<(ActorId Actor, ICommand Command)> Told => _told;

    public void Forget()
    {
        _asked.Clear();
        _told.Clear();
    }

    public ValueTask<TReply> AskAsync<TReply>(
        ActorId actor, ICommand<TReply> command, CommandId? id, CancellationToken cancellationToken)
    {
        _asked.Enqueue((actor, command, id));
        try
        {
            return new((TReply)Answer(actor, command));
        }
        catch (Exception thrown)
        {
            return ValueTask.FromException<TReply>(thrown);
        }
    }

    public void Tell(ActorId actor, ICommand command) => _told.Enqueue((actor, command));
}
