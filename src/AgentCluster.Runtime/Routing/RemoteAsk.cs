using AgentCluster.Actors;
using AgentCluster.Runtime.Asks;
using AgentCluster.Runtime.Kinds;
using AgentCluster.Runtime.Ports;

namespace AgentCluster.Runtime.Routing;

/// <summary>A caller that waits at another node.</summary>
internal sealed class RemoteAsk(AskBound bound, NodeKind kind, IReplyTo reply) : PendingAsk(bound)
{
    /// <summary>Whether this node has lost the actor, so that another has it or will.</summary>
    public bool IsMoved => Envelope is { Shard: { IsOpen: false } };

    public static ReadOnlyMemory<byte> NotMine(string detail) => Say(MessageKind.NotMine, detail);

    public static ReadOnlyMemory<byte> NotDone(Unavailable why, string detail)
    {
        var writer = new MessageWriter(MessageKind.NotDone);
        writer.Put((byte)why);
        writer.Put(detail);
        return writer.Written;
    }

    protected override void Succeed(object answer, bool isLone)
    {
        try
        {
            var (name, payload) = kind.Json.Replies.Write(answer);
            var writer = new MessageWriter(MessageKind.Replied);
            writer.Put(name);
            writer.Put(payload);
            reply.Reply(writer.Written);
        }
#pragma warning disable CA1031 // It has taken effect; whoever waits must hear that much.
        catch (Exception unwritten)
#pragma warning restore CA1031
        {
            reply.Reply(Say(MessageKind.Unknown, $"its reply cannot be written ({unwritten.Message})"));
        }
    }

    protected override void Throw(Exception error) => reply.Reply(error switch
    {
        ActorUnavailableException { Why: Unavailable.NotReady or Unavailable.NotDone } gone when IsMoved => NotMine(gone.Detail),
        ActorUnavailableException refused => NotDone(refused.Why, refused.Detail),
        CommandIdMismatchException => Say(MessageKind.Mismatch, ""),
        _ => Say(MessageKind.Unknown, error.Message),
    });

    private static ReadOnlyMemory<byte> Say(MessageKind kind, string detail)
    {
        var writer = new MessageWriter(kind);
        writer.Put(detail);
        return writer.Written;
    }
}
