using System.IO.Pipelines;
using System.Net.Security;
using System.Net.Sockets;

namespace AgentCluster.Transport.Connections;

/// <summary>A socket, with TLS or without, as a pipe. A flush goes to the socket in the thread that flushes.</summary>
internal sealed class StreamPipe : IDuplexPipe, IAsyncDisposable
{
    private static readonly StreamPipeReaderOptions Reading = new(bufferSize: 64 * 1024, minimumReadSize: 16 * 1024);
    private readonly Stream _stream;

    private StreamPipe(Stream stream)
    {
        _stream = stream;
        Input = PipeReader.Create(stream, Reading);
        Output = PipeWriter.Create(stream);
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    /// <summary>Of a socket that called.</summary>
    public static async Task<StreamPipe> OfCallerAsync(Socket socket, PeerTls? tls, CancellationToken cancellationToken)
    {
        var stream = Open(socket);
        if (tls is null)
        {
            return new(stream);
        }

        var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(tls.Answering(), cancellationToken);
        return new(secure);
    }

    /// <summary>Of a socket that was called.</summary>
    public static async Task<StreamPipe> OfCalledAsync(Socket socket, PeerTls? tls, string host, CancellationToken cancellationToken)
    {
        var stream = Open(socket);
        if (tls is null)
        {
            return new(stream);
        }

        var secure = new SslStream(stream);
        await secure.AuthenticateAsClientAsync(tls.Calling(host), cancellationToken);
        return new(secure);
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private static NetworkStream Open(Socket socket)
    {
        socket.NoDelay = true;
        return new(socket, ownsSocket: true);
    }
}
