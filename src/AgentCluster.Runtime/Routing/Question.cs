using AgentCluster.Actors;

namespace AgentCluster.Runtime.Routing;

/// <summary>A command on its way to another node.</summary>
/// <param name="To">Who should decide.</param>
/// <param name="Name">Of the command on the wire.</param>
/// <param name="Id">The caller's name for it, if it gave one.</param>
/// <param name="Left">How long its caller goes on waiting.</param>
/// <param name="Trace">What it is a part of, as W3C's trace context says it; empty for nothing.</param>
internal readonly record struct Question(ActorId To, string Name, CommandId? Id, TimeSpan Left, string Trace)
{
    public ReadOnlyMemory<byte> Write(MessageKind kind, ReadOnlySpan<byte> payload)
    {
        var writer = new MessageWriter(kind);
        writer.Put(To.Kind);
        writer.Put(To.Name);
        writer.Put(Name);
        writer.Put((int)Left.TotalMilliseconds);
        writer.Put(Trace);
        writer.Put((byte)(Id is null ? 0 : 1));
        if (Id is { } id)
        {
            writer.Put(id.Principal);
            writer.Put(id.Key);
            writer.Put(id.Payload);
        }

        writer.Put(payload);
        return writer.Written;
    }

    /// <exception cref="MessageException">It is not whole.</exception>
    public static Question Read(ref MessageReader reader, out ReadOnlySpan<byte> payload)
    {
        var to = new ActorId(reader.Text(), reader.Text());
        var name = reader.Text();
        var left = TimeSpan.FromMilliseconds(reader.Int());
        var trace = reader.Text();
        CommandId? id = reader.Byte() == 0 ? null : new(reader.Text(), reader.Text(), reader.Wide());
        payload = reader.Bytes();
        return new(to, name, id, left, trace);
    }
}
