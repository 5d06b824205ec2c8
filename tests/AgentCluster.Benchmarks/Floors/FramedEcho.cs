using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace AgentCluster.Benchmarks.Floors;

/// <summary>The least that asking another process costs: frames of a length and as many bytes, sent back as they are. One caller.</summary>
/// <param name="connection">To <see cref="Serve"/> in the other process.</param>
internal sealed class FramedEcho(TcpClient connection) : ISubject
{
    private const int BodyBytes = 100;
    private readonly NetworkStream _stream = connection.GetStream();
    private readonly byte[] _question = Question();
    private readonly byte[] _answer = new byte[sizeof(int) + BodyBytes];

    public static async Task<FramedEcho> ConnectAsync(IPEndPoint to)
    {
        var connection = new TcpClient { NoDelay = true };
        await connection.ConnectAsync(to);
        return new(connection);
    }

    /// <summary>Answers whoever connects, until the process ends.</summary>
    /// <returns>Where.</returns>
    public static IPEndPoint Serve()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        _ = AcceptAsync(listener);
        return (IPEndPoint)listener.LocalEndpoint;
    }

    public async ValueTask<long> DoAsync(int caller)
    {
        await _stream.WriteAsync(_question);
        await _stream.ReadExactlyAsync(_answer);
        return Stopwatch.GetTimestamp();
    }

    public ValueTask DisposeAsync()
    {
        connection.Dispose();
        return default;
    }

    private static byte[] Question()
    {
        var frame = new byte[sizeof(int) + BodyBytes];
        BinaryPrimitives.WriteInt32LittleEndian(frame, BodyBytes);
        return frame;
    }

    private static async Task AcceptAsync(TcpListener listener)
    {
        while (true)
        {
            var caller = await listener.AcceptTcpClientAsync();
            caller.NoDelay = true;
            _ = EchoAsync(caller);
        }
    }

    private static async Task EchoAsync(TcpClient caller)
    {
        using (caller)
        {
            var stream = caller.GetStream();
            var (input, output) = (PipeReader.Create(stream), PipeWriter.Create(stream));
            while (true)
            {
                var result = await input.ReadAsync();
                var read = result.Buffer;
                while (TryTake(ref read, out var frame))
                {
                    foreach (var piece in frame)
                    {
                        output.Write(piece.Span);
                    }
                }

                input.AdvanceTo(read.Start, read.End);
                await output.FlushAsync();
                if (result.IsCompleted)
                {
                    return;
                }
            }
        }
    }

    private static bool TryTake(ref ReadOnlySequence<byte> read, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        Span<byte> head = stackalloc byte[sizeof(int)];
        if (read.Length < head.Length)
        {
            return false;
        }

        read.Slice(0, head.Length).CopyTo(head);
        var length = head.Length + BinaryPrimitives.ReadInt32LittleEndian(head);
        if (read.Length < length)
        {
            return false;
        }

        frame = read.Slice(0, length);
        read = read.Slice(length);
        return true;
    }
}
