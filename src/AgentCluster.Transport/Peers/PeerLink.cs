using System.Buffers;
using System.IO.Pipelines;
using AgentCluster.Runtime;
using AgentCluster.Runtime.Ports;
using AgentCluster.Transport.Connections;
using AgentCluster.Transport.Frames;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Transport.Peers;

/// <summary>
/// The way to one other node: one connection for all questions. While it is being made they wait, and are certainly not sent when it
/// cannot be; once it is there, whatever ends it leaves their outcome open.
/// </summary>
internal sealed class PeerLink(Peer peer, SocketConnector connector, TransportOptions options, TransportCounts counts, TimeProvider clock, ILogger log)
    : IFrameTaker, IDisposable
{
    private static readonly BackOff Connecting = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1));

    private readonly Lock _gate = new();
    private readonly Dictionary<ulong, IAnswer> _waiting = [];
    private readonly Queue<(ulong Correlation, ReadOnlyMemory<byte> Request, IAnswer? Answer)> _early = new();
    private readonly CancellationTokenSource _closed = new();
    private FrameQueue? _frames;
    private bool _isConnecting;
    private ulong _last;
    private long _quietUntil;
    private int _failures;
    private long _heardAt;
    private LoneAnswer? _lone;

    public void Ask(ReadOnlyMemory<byte> request, IAnswer answer)
    {
        if (request.Length > options.MaxMessageBytes)
        {
            NotSent(answer, isBound: true, $"it has {request.Length} bytes, and {options.MaxMessageBytes} go to another node");
            return;
        }

        counts.Asked.Add();
        FrameQueue? frames;
        var (isFull, isLone, correlation) = (false, false, 0UL);
        lock (_gate)
        {
            frames = _frames;
            if (_waiting.Count + _early.Count >= options.MaxOutstanding)
            {
                isFull = true;
            }
            else if (frames is not null)
            {
                correlation = ++_last;
                isLone = _waiting.Count == 0;
                if (isLone)
                {
                    _heardAt = clock.GetTimestamp();
                }

                _waiting.Add(correlation, answer);
            }
            else if (TryConnect())
            {
                _early.Enqueue((++_last, request, answer));
                return;
            }
        }

        if (isFull)
        {
            NotSent(answer, isBound: true, $"{options.MaxOutstanding} commands wait at its node already; slow down and send it again");
        }
        else if (frames is null)
        {
            NotSent(answer, isBound: false, $"its node at {peer.Address} cannot be reached now");
        }
        else if (!frames.TryPut(FrameKind.Ask, correlation, request.Span, isLone) && TryTake(correlation, out _, out _))
        {
            NotSent(answer, isBound: true, $"{options.MaxQueuedBytes} bytes wait for its node already; slow down and send it again");
        }
    }

    public void Tell(ReadOnlyMemory<byte> message)
    {
        FrameQueue? frames;
        lock (_gate)
        {
            frames = _frames;
            if (frames is null)
            {
                // May be lost; but where it opens the connection it goes first.
                if (TryConnect() && _early.Count < options.MaxOutstanding)
                {
                    _early.Enqueue((0, message, null));
                }

                return;
            }
        }

        if (message.Length <= options.MaxMessageBytes)
        {
            frames.TryPut(FrameKind.Tell, 0, message.Span, isLone: false);
        }
    }

    /// <summary>The other node is gone: what waits for it is lost.</summary>
    public void Dispose() => _closed.Cancel();

    // Under the gate.
    private bool TryConnect()
    {
        if (_closed.IsCancellationRequested || (!_isConnecting && clock.GetTimestamp() < _quietUntil))
        {
            return false;
        }

        if (!_isConnecting)
        {
            _isConnecting = true;
            _ = RunAsync();
        }

        return true;
    }

    private async Task RunAsync()
    {
        // Never under the gate, and not in the thread of who asks.
        await Task.Yield();
        StreamPipe? pipe = null;
        try
        {
            pipe = await connector.ConnectAsync(peer, _closed.Token);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token);
            var frames = new FrameQueue(pipe.Output, options.MaxQueuedBytes) { Failed = _ => ended.Cancel() };
            Opened(frames);
            log.Connected(peer.Incarnation, peer.Address);
            await ReadAsync(pipe.Input, frames, ended);
            Ended("it hung up");
        }
#pragma warning disable CA1031 // Whatever it was, this connection is over, and its questions are told.
        catch (Exception failed)
#pragma warning restore CA1031
        {
            Ended(_closed.IsCancellationRequested ? "it is no member any more, or this node ends" : failed is OperationCanceledException ? "it did not answer" : failed.Message);
        }
        finally
        {
            if (pipe is not null)
            {
                await pipe.DisposeAsync();
            }
        }
    }

    private async Task ReadAsync(PipeReader input, FrameQueue frames, CancellationTokenSource ended)
    {
        await using var watch = clock.CreateTimer(_ => Watch(frames, ended), null, options.SilentAfter / 3, options.SilentAfter / 3);
        await FrameReading.RunAsync(input, options.MaxMessageBytes, this, ended.Token);
    }

    /// <summary>Now and then: whoever has questions here and says nothing is asked whether it still reads.</summary>
    private void Watch(FrameQueue frames, CancellationTokenSource ended)
    {
        bool isWaiting;
        lock (_gate)
        {
            isWaiting = _waiting.Count > 0;
        }

        var silent = clock.GetElapsedTime(Volatile.Read(ref _heardAt));
        if (isWaiting && silent >= options.SilentAfter)
        {
            ended.Cancel();
        }
        else if (isWaiting && silent >= options.SilentAfter / 3)
        {
            frames.TryPut(FrameKind.Ping, 0, [], isLone: false);
        }
    }

    private void Opened(FrameQueue frames)
    {
        lock (_gate)
        {
            _frames = frames;
            _isConnecting = false;
            _failures = 0;
            _heardAt = clock.GetTimestamp();
            frames.Hold();
            while (_early.TryDequeue(out var early))
            {
                if (early.Answer is null)
                {
                    frames.TryPut(FrameKind.Tell, 0, early.Request.Span, isLone: false);
                }
                else
                {
                    // Those that do not fit any more are answered by the end of the connection, or by their caller's time.
                    _waiting.Add(early.Correlation, early.Answer);
                    frames.TryPut(FrameKind.Ask, early.Correlation, early.Request.Span, isLone: false);
                }
            }
        }

        frames.Release();
    }

    private void Ended(string why)
    {
        IAnswer[] lost;
        IAnswer[] unsent;
        lock (_gate)
        {
            _frames?.Close();
            _frames = null;
            _isConnecting = false;
            _quietUntil = clock.GetTimestamp() + (long)(Connecting.After(++_failures).TotalSeconds * clock.TimestampFrequency);
            lost = [.. _waiting.OrderBy(waiting => waiting.Key).Select(waiting => waiting.Value)];
            unsent = [.. _early.Where(early => early.Answer is not null).Select(early => early.Answer!)];
            _waiting.Clear();
            _early.Clear();
        }

        if (lost.Length > 0)
        {
            log.Disconnected(peer.Address, why, lost.Length);
        }
        else if (unsent.Length > 0)
        {
            log.Unreachable(peer.Address, why);
        }

        foreach (var answer in unsent)
        {
            NotSent(answer, isBound: false, $"its node at {peer.Address} cannot be reached ({why})");
        }

        foreach (var answer in lost)
        {
            counts.Lost.Add();
            answer.Lost($"the connection to its node at {peer.Address} was lost ({why})");
        }
    }

    void IFrameTaker.Begin()
    {
        Volatile.Write(ref _heardAt, clock.GetTimestamp());

        // More had come before the thread was free: what it would have gone on with goes elsewhere.
        if (Interlocked.Exchange(ref _lone, null) is { } lone)
        {
            ThreadPool.UnsafeQueueUserWorkItem(lone, preferLocal: false);
        }
    }

    void IFrameTaker.Take(in Frame frame, bool isLast)
    {
        switch (frame.Kind)
        {
            case FrameKind.Reply when TryTake(frame.Correlation, out var answer, out var isLone):
                if (isLast && isLone)
                {
                    _lone = new(answer, frame.Body.ToArray());
                }
                else
                {
                    frame.Give(answer, static (body, asked) => asked.Answered(body, isLone: false));
                }

                break;
            case FrameKind.Reply or FrameKind.Pong:
                break;
            default:
                throw new FrameException($"expected an answer, found a {frame.Kind}");
        }
    }

    void IFrameTaker.Rest() => Interlocked.Exchange(ref _lone, null)?.Execute();

    private bool TryTake(ulong correlation, out IAnswer answer, out bool isLone)
    {
        lock (_gate)
        {
            isLone = _waiting.Count == 1;
            return _waiting.Remove(correlation, out answer!);
        }
    }

    private void NotSent(IAnswer answer, bool isBound, string why)
    {
        counts.NotSent.Add();
        answer.NotSent(isBound, why);
    }
}
