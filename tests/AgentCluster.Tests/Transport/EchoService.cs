using System.Collections.Concurrent;
using AgentCluster.Runtime.Ports;

namespace AgentCluster.Tests.Transport;

/// <summary>Answers each question with itself; those that begin with an H it holds until they are let go.</summary>
internal sealed class EchoService(UInt128 incarnation) : IService
{
    private readonly ConcurrentQueue<Action> _held = new();
    private int _asked;
    private int _told;

    public UInt128 Incarnation => incarnation;

    public int AskedTimes => Volatile.Read(ref _asked);

    public int ToldTimes => Volatile.Read(ref _told);

    public int Held => _held.Count;

    public void Asked(ReadOnlySpan<byte> request, IReplyTo reply)
    {
        var answer = request.ToArray();
        if (answer is [(byte)'H', ..])
        {
            _held.Enqueue(() => reply.Reply(answer));
        }
        else
        {
            reply.Reply(answer);
        }

        Interlocked.Increment(ref _asked);
    }

    public void Told(ReadOnlySpan<byte> message) => Interlocked.Increment(ref _told);

    public void LetGo()
    {
        while (_held.TryDequeue(out var answer))
        {
            answer();
        }
    }
}

/// <summary>Waits for what becomes of a question.</summary>
internal sealed class Waiting : IAnswer
{
    private readonly TaskCompletionSource<string> _became = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _times;

    public Task<string> Became => _became.Task;

    /// <summary>How often it was told; must be 1 in the end.</summary>
    public int Times => Volatile.Read(ref _times);

    public void Answered(ReadOnlySpan<byte> answer, bool isLone) => Told($"answered {System.Text.Encoding.UTF8.GetString(answer)}");

    public void NotSent(bool isBound, string why) => Told(isBound ? "bound" : "not sent");

    public void Lost(string why) => Told("lost");

    private void Told(string what)
    {
        Interlocked.Increment(ref _times);
        _became.TrySetResult(what);
    }
}

/// <summary>Goes on in the thread that brings the answer, and takes its time.</summary>
internal sealed class Busy : IAnswer, IDisposable
{
    private readonly TaskCompletionSource<bool> _began = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _end = new();

    /// <summary>Whether it was told that it may.</summary>
    public Task<bool> Began => _began.Task;

    public void Answered(ReadOnlySpan<byte> answer, bool isLone)
    {
        _began.SetResult(isLone);
        _end.Wait();
    }

    public void NotSent(bool isBound, string why) => throw new InvalidOperationException(why);

    public void Lost(string why) => throw new InvalidOperationException(why);

    public void Dispose() => _end.Set();
}
