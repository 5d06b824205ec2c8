using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AgentCluster.Bridge.Shapes;

/// <summary>A JSON writer over a buffer, both used again by the next caller on the same thread. Not kept across an await.</summary>
internal sealed class PooledJson : IDisposable
{
    private const int KeptBytes = 256 * 1024;

    [ThreadStatic]
    private static (ArrayBufferWriter<byte> Buffer, Utf8JsonWriter Writer)? _idle;

    private readonly ArrayBufferWriter<byte> _buffer;

    public PooledJson()
    {
        if (_idle is { } idle)
        {
            (_buffer, Writer) = idle;
            _idle = null;
            return;
        }

        _buffer = new(4_096);

        // Answers are never pasted into a page as they are: quotes and non-ASCII letters stay readable.
        Writer = new(_buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }

    public Utf8JsonWriter Writer { get; }

    /// <summary>What was written, valid until this is disposed.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        Writer.Flush();
        return _buffer.WrittenSpan;
    }

    /// <summary>What was written, as text.</summary>
    public string Text() => Encoding.UTF8.GetString(Bytes());

    public void Dispose()
    {
        if (_buffer.Capacity > KeptBytes)
        {
            Writer.Dispose();
            return;
        }

        _buffer.ResetWrittenCount();
        Writer.Reset();
        _idle = (_buffer, Writer);
    }
}
