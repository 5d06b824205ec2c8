using System.Text.Json;
using AgentCluster.Actors;
using AgentCluster.Runtime.Asks;
using AgentCluster.Runtime.Mail;
using AgentCluster.Runtime.Ports;

namespace AgentCluster.Runtime.Routing;

/// <summary>Takes what other nodes send, to the lanes of this one.</summary>
/// <param name="node">This one.</param>
/// <param name="bound">Counts callers, whichever node they wait at.</param>
/// <param name="tracing">Goes on following what another node has followed.</param>
internal sealed class Service(ActorNode node, AskBound bound, ITracing? tracing) : IService
{
    public UInt128 Incarnation => node.Incarnation.Value;

    public void Asked(ReadOnlySpan<byte> request, IReplyTo reply)
    {
        try
        {
            var reader = new MessageReader(request);
            var kind = (MessageKind)reader.Byte();
            if (kind != MessageKind.Ask)
            {
                throw new MessageException($"expected a question, found {kind}");
            }

            Ask(Question.Read(ref reader, out var payload), payload, reply);
        }
        catch (Exception unreadable) when (unreadable is MessageException or JsonException)
        {
            // It may be of a newer version than this node: certainly not done here.
            reply.Reply(RemoteAsk.NotDone(Unavailable.NotReady, unreadable.Message));
        }
    }

    public void Told(ReadOnlySpan<byte> message)
    {
        try
        {
            var reader = new MessageReader(message);
            switch ((MessageKind)reader.Byte())
            {
                case MessageKind.Tell:
                    var told = Question.Read(ref reader, out var payload);
                    node.Tell(told.To, (ICommand)node.KindOf(told.To).Json.Commands.Read(told.Name, payload), mayForward: false);
                    break;
                case MessageKind.Letter:
                    Deliver(ref reader);
                    break;
                case MessageKind.Taken:
                    node.Acknowledged(new(reader.Text(), reader.Text()), new(reader.Text(), reader.Text()), reader.Long(), reader.Int());
                    break;
                case var other:
                    throw new MessageException($"expected a message, found {other}");
            }
        }
        catch (Exception unreadable) when (unreadable is MessageException or JsonException or InvariantViolatedException)
        {
            node.Log.Unreadable(unreadable.Message);
        }
    }

    private void Ask(in Question question, ReadOnlySpan<byte> payload, IReplyTo reply)
    {
        if (node.IsDraining)
        {
            reply.Reply(RemoteAsk.NotMine("its node is draining"));
            return;
        }

        if (!node.Has(question.To.Kind))
        {
            throw new MessageException($"there is no kind '{question.To.Kind}' on this node");
        }

        var kind = node.KindOf(question.To);
        var command = (ICommand)kind.Json.Commands.Read(question.Name, payload);
        if (!bound.TryEnter())
        {
            reply.Reply(RemoteAsk.NotDone(Unavailable.Overloaded, $"{node.Options.MaxPending} commands wait on its node already"));
            return;
        }

        var shard = node.ShardOf(question.To);
        var ask = new RemoteAsk(bound, kind, reply) { Trace = tracing?.Begin(question.To, command, question.Trace) };
        var envelope = new Envelope(shard, question.To, command) { Ask = ask, Id = question.Id, IsForwarded = true };
        ask.Envelope = envelope;
        if (reply.IsLone)
        {
            shard.Lane.PostHere(envelope);
        }
        else
        {
            shard.Lane.Post(envelope);
        }
    }

    private void Deliver(ref MessageReader reader)
    {
        var generation = reader.Int();
        var (from, to) = (new ActorId(reader.Text(), reader.Text()), new ActorId(reader.Text(), reader.Text()));
        var (number, name) = (reader.Long(), reader.Text());
        node.Send(new(from, number, name, reader.Bytes().ToArray(), generation), to);
    }
}
