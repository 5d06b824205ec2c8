using AgentCluster.Actors;
using AgentCluster.Runtime.Asks;
using AgentCluster.Runtime.Ports;

namespace AgentCluster.Runtime.Routing;

/// <summary>One question to another node, and what its answer means for whoever waits here.</summary>
internal sealed class ForwardedAsk(Router router, Envelope envelope) : IAnswer
{
    public Envelope Envelope => envelope;

    public PendingAsk Ask => envelope.Ask!;

    /// <summary>Among those under way; touched only by the router.</summary>
    public LinkedListNode<ForwardedAsk>? Place { get; set; }

    public void Answered(ReadOnlySpan<byte> answer, bool isLone)
    {
        if (!router.TryEnd(this))
        {
            return;
        }

        try
        {
            Understand(answer, isLone);
        }
#pragma warning disable CA1031 // A newer node may answer what this one cannot read: done or not is unknown then.
        catch (Exception unreadable)
#pragma warning restore CA1031
        {
            router.Unknown(envelope, $"its node's answer cannot be read here ({unreadable.Message})", mayRepeat: false);
        }
    }

    public void NotSent(bool isBound, string why)
    {
        if (!router.TryEnd(this))
        {
            return;
        }

        if (isBound)
        {
            Router.NotDone(envelope, Unavailable.Overloaded, why);
        }
        else
        {
            router.Again(envelope, why);
        }
    }

    public void Lost(string why)
    {
        if (router.TryEnd(this))
        {
            router.Unknown(envelope, why, mayRepeat: true);
        }
    }

    private void Understand(ReadOnlySpan<byte> answer, bool isLone)
    {
        var reader = new MessageReader(answer);
        switch ((MessageKind)reader.Byte())
        {
            case MessageKind.Replied:
                var name = reader.Text();
                Ask.Reply(router.Node.KindOf(envelope.To).Json.Replies.Read(name, reader.Bytes()), isLone);
                break;
            case MessageKind.NotDone:
                Router.NotDone(envelope, (Unavailable)reader.Byte(), reader.Text());
                break;
            case MessageKind.NotMine:
                router.Again(envelope, reader.Text());
                break;
            case MessageKind.Mismatch:
                Ask.Fail(new CommandIdMismatchException(envelope.To, envelope.Id!.Value.Key));
                break;
            case MessageKind.Unknown:
                router.Unknown(envelope, reader.Text(), mayRepeat: false);
                break;
            case var other:
                throw new MessageException($"expected an answer, found {other}");
        }
    }
}
