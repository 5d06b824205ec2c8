using System.IO.Pipelines;
using AgentCluster.Runtime.Ports;
using AgentCluster.Transport.Connections;
using AgentCluster.Transport.Frames;

namespace AgentCluster.Transport.Listening;

/// <summary>Serves one connection of another node that has proved who it is.</summary>
internal sealed class Caller : IFrameTaker, IDisposable
{
    private readonly IService _service;
    private readonly FrameQueue _replies;
    private readonly PipeReader _input;
    private readonly int _most;
    private readonly CancellationTokenSource _ended = new();
    private int _asked;

    public Caller(IDuplexPipe pipe, IService service, TransportOptions options)
    {
        (_input, _service, _most) = (pipe.Input, service, options.MaxMessageBytes);
        _replies = new(pipe.Output, options.MaxQueuedBytes) { Failed = _ => End() };
    }

    /// <summary>Goes on until the other node hangs up, or says what is no frame.</summary>
    /// <exception cref="FrameException">It said what is no frame.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
        try
        {
            await FrameReading.RunAsync(_input, _most, this, both.Token);
        }
        finally
        {
            _replies.Close();
        }
    }

    public void Dispose() => _ended.Dispose();

    void IFrameTaker.Begin() => _replies.Hold();

    void IFrameTaker.End() => _replies.Release();

    void IFrameTaker.Take(in Frame frame, bool isLast)
    {
        switch (frame.Kind)
        {
            case FrameKind.Ask:
                Interlocked.Increment(ref _asked);
                frame.Give((Service: _service, Reply: new ReplyTo(this, frame.Correlation, isLast)), static (body, asked) => asked.Service.Asked(body, asked.Reply));
                break;
            case FrameKind.Tell:
                frame.Give(_service, static (body, service) => service.Told(body));
                break;
            case FrameKind.Ping:
                _replies.TryPut(FrameKind.Pong, frame.Correlation, [], isLone: true);
                break;
            default:
                throw new FrameException($"expected a question, found a {frame.Kind}");
        }
    }

    private void Reply(ulong correlation, ReadOnlyMemory<byte> answer)
    {
        var isLone = Interlocked.Decrement(ref _asked) == 0;
        if (answer.Length > _most || !_replies.TryPut(FrameKind.Reply, correlation, answer.Span, isLone))
        {
            // It cannot be told what became of its question: it hears that nobody knows, from the end of the connection.
            End();
        }
    }

    // Answers come for as long as its questions take, also when the connection is gone.
    private void End()
    {
        _replies.Close();
        try
        {
            _ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
        }
    }

    private sealed class ReplyTo(Caller caller, ulong correlation, bool isLast) : IReplyTo
    {
        // Those that wait at other lanes already would wait for this thread too.
        public bool IsLone => isLast && Volatile.Read(ref caller._asked) == 1;

        public void Reply(ReadOnlyMemory<byte> answer) => caller.Reply(correlation, answer);
    }
}
