namespace AgentCluster.Storage.Postgres;

/// <summary>
/// How long one statement is waited for. To end one the driver asks the server to, and its thread stands still until it has got through, or
/// not: where every packet is lost, all statements under way would hold all threads at the same moment. So each ends on a thread of its own.
/// </summary>
internal sealed class Patience : IDisposable
{
    private readonly CancellationTokenSource _over = new();
    private readonly Timer _timer;

    /// <param name="time">How long.</param>
    public Patience(TimeSpan time) =>
        _timer = new(static self => new Thread(((Patience)self!).End) { IsBackground = true }.Start(), this, time, Timeout.InfiniteTimeSpan);

    public CancellationToken Token => _over.Token;

    public void Dispose()
    {
        _timer.Dispose();
        _over.Dispose();
    }

    private void End()
    {
        try
        {
            _over.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The answer came at the last moment.
        }
    }
}
