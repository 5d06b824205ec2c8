using System.Diagnostics;
using System.Threading.Channels;

namespace AgentCluster.Benchmarks.Floors;

/// <summary>The least that asking costs here: a channel, one reader, and a task that it completes.</summary>
internal sealed class BareMailbox : ISubject
{
    private readonly Channel<TaskCompletionSource<long>> _mail = Channel.CreateUnbounded<TaskCompletionSource<long>>(new() { SingleReader = true });
    private readonly Task _reader;

    public BareMailbox() => _reader = Task.Run(ReadAsync);

    public async ValueTask<long> DoAsync(int caller)
    {
        var ask = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        _mail.Writer.TryWrite(ask);
        await ask.Task;
        return Stopwatch.GetTimestamp();
    }

    public async ValueTask DisposeAsync()
    {
        _mail.Writer.Complete();
        await _reader;
    }

    private async Task ReadAsync()
    {
        var count = 0L;
        await foreach (var ask in _mail.Reader.ReadAllAsync())
        {
            ask.SetResult(++count);
        }
    }
}
