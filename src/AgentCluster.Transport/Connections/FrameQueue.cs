using System.Buffers;
using System.IO.Pipelines;
using AgentCluster.Transport.Frames;

namespace AgentCluster.Transport.Connections;

/// <summary>
/// The frames that wait to be written to one connection. While some are on their way the next gather, so that many go in one write:
/// whoever puts the first frame has it written, in its own thread where nothing else is expected soon.
/// </summary>
/// <param name="output">Of the connection.</param>
/// <param name="most">How many bytes may wait.</param>
internal sealed class FrameQueue(PipeWriter output, int most) : IThreadPoolWorkItem
{
    // A buffer that was once large is let go of.
    private const int Kept = 1024 * 1024;

    private readonly Lock _gate = new();
    private ArrayBufferWriter<byte> _gathering = new(16 * 1024);
    private ArrayBufferWriter<byte> _writing = new(16 * 1024);
    private bool _isWriting;
    private bool _isClosed;
    private int _held;

    /// <summary>Completes with what ended it, when nothing can be written any more.</summary>
    public Action<Exception>? Failed { get; init; }

    /// <summary>Adds a frame.</summary>
    /// <param name="kind">What it is.</param>
    /// <param name="correlation">Which question it is, or answers.</param>
    /// <param name="body">Copied.</param>
    /// <param name="isLone">Whether nothing else is expected soon, so that it is written at once.</param>
    /// <returns>False when the bound is reached, or the connection has ended: then nothing of it is written.</returns>
    public bool TryPut(FrameKind kind, ulong correlation, ReadOnlySpan<byte> body, bool isLone)
    {
        lock (_gate)
        {
            if (_isClosed || (_gathering.WrittenCount > 0 && _gathering.WrittenCount + body.Length > most))
            {
                return false;
            }

            Frame.Write(_gathering, kind, correlation, body);
            if (_isWriting || _held > 0)
            {
                return true;
            }

            _isWriting = true;
        }

        Start(isLone);
        return true;
    }

    /// <summary>Nothing is written until as many calls of <see cref="Release"/>: several frames are about to be put.</summary>
    public void Hold()
    {
        lock (_gate)
        {
            _held++;
        }
    }

    /// <summary>Ends a <see cref="Hold"/>, and writes what has gathered.</summary>
    public void Release()
    {
        lock (_gate)
        {
            if (--_held > 0 || _isWriting || _isClosed || _gathering.WrittenCount == 0)
            {
                return;
            }

            _isWriting = true;
        }

        Start(isLone: true);
    }

    /// <summary>Takes nothing any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }
    }

    void IThreadPoolWorkItem.Execute() => _ = WriteAsync();

    private void Start(bool isLone)
    {
        if (isLone)
        {
            _ = WriteAsync();
        }
        else
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    private async Task WriteAsync()
    {
        try
        {
            while (true)
            {
                lock (_gate)
                {
                    if (_gathering.WrittenCount == 0 || _isClosed)
                    {
                        _isWriting = false;
                        return;
                    }

                    (_gathering, _writing) = (_writing, _gathering);
                }

                await output.WriteAsync(_writing.WrittenMemory, CancellationToken.None);
                _writing = _writing.Capacity > Kept ? new(16 * 1024) : Emptied(_writing);
            }
        }
#pragma warning disable CA1031 // Whatever ends a connection ends its questions, and nothing else.
        catch (Exception ended)
#pragma warning restore CA1031
        {
            Close();
            Failed?.Invoke(ended);
        }
    }

    private static ArrayBufferWriter<byte> Emptied(ArrayBufferWriter<byte> buffer)
    {
        buffer.ResetWrittenCount();
        return buffer;
    }
}
