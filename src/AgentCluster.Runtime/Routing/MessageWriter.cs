using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace AgentCluster.Runtime.Routing;

/// <summary>Writes a message to another node: numbers in little-endian order, texts and bytes behind their length.</summary>
internal sealed class MessageWriter(MessageKind kind)
{
    private readonly ArrayBufferWriter<byte> _bytes = Begin(kind);

    public ReadOnlyMemory<byte> Written => _bytes.WrittenMemory;

    public void Put(byte number)
    {
        _bytes.GetSpan(1)[0] = number;
        _bytes.Advance(1);
    }

    public void Put(int number)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.GetSpan(sizeof(int)), number);
        _bytes.Advance(sizeof(int));
    }

    public void Put(long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.GetSpan(sizeof(long)), number);
        _bytes.Advance(sizeof(long));
    }

    public void Put(UInt128 number)
    {
        BinaryPrimitives.WriteUInt128LittleEndian(_bytes.GetSpan(16), number);
        _bytes.Advance(16);
    }

    public void Put(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        Put(length);
        Encoding.UTF8.GetBytes(text, _bytes.GetSpan(length));
        _bytes.Advance(length);
    }

    public void Put(ReadOnlySpan<byte> bytes)
    {
        Put(bytes.Length);
        _bytes.Write(bytes);
    }

    private static ArrayBufferWriter<byte> Begin(MessageKind kind)
    {
        var bytes = new ArrayBufferWriter<byte>(192);
        bytes.GetSpan(1)[0] = (byte)kind;
        bytes.Advance(1);
        return bytes;
    }
}

/// <summary>Reads what <see cref="MessageWriter"/> wrote.</summary>
internal ref struct MessageReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _left = message;

    public byte Byte() => Take(1)[0];

    public int Int() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    public long Long() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public UInt128 Wide() => BinaryPrimitives.ReadUInt128LittleEndian(Take(16));

    public string Text() => Encoding.UTF8.GetString(Bytes());

    public ReadOnlySpan<byte> Bytes()
    {
        var length = Int();
        return length >= 0 ? Take(length) : throw new MessageException($"expected a length, found {length}");
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _left.Length)
        {
            throw new MessageException($"expected {length} more bytes, found {_left.Length}");
        }

        var taken = _left[..length];
        _left = _left[length..];
        return taken;
    }
}

/// <summary>What another node sent cannot be understood.</summary>
internal sealed class MessageException(string detail) : Exception($"A message of another node cannot be read: {detail}.");

/// <summary>The first byte of a message. On the wire: numbers are kept for ever.</summary>
internal enum MessageKind : byte
{
    /// <summary>A command that is answered.</summary>
    Ask = 1,

    /// <summary>A command that may be lost.</summary>
    Tell = 2,

    /// <summary>A letter that lies in its sender's outbox.</summary>
    Letter = 3,

    /// <summary>That letters have taken effect.</summary>
    Taken = 4,

    /// <summary>An answer: the command's reply.</summary>
    Replied = 16,

    /// <summary>An answer: certainly not done, and asking elsewhere does not help.</summary>
    NotDone = 17,

    /// <summary>An answer: certainly not done, the node does not have the actor.</summary>
    NotMine = 18,

    /// <summary>An answer: nobody knows yet.</summary>
    Unknown = 19,

    /// <summary>An answer: the command id was used for another command.</summary>
    Mismatch = 20,
}
