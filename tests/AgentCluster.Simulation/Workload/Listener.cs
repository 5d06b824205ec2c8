using System.Text.Json;
using AgentCluster.Actors;
using AgentCluster.Bridge.Live;
using AgentCluster.Simulation.Runs;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Simulation.Workload;

/// <summary>
/// S12: one who listens, over a network that breaks, to a node that dies. What it hears of a shard is what the journal has,
/// in its order, each event once, none before it is durable; only a restored journal may send it away to start again.
/// </summary>
internal sealed class Listener(World world, SimulatedDatabase database, Audience audience, SeededRandom random, FaultCounts counts)
{
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(100);
    private readonly Dictionary<int, long> _heard = [];
    private JournalHead? _cursor;
    private bool _ended;
    private string _does = "begins";

    public async Task ListenAsync()
    {
        while (!_ended)
        {
            try
            {
                await ConnectAsync();
            }
            catch (Exception lost) when (lost is ConnectionLostException or StoreUnavailableException)
            {
                counts.Reached("listener cut");
            }

            _does = "waits";
            await world.Pass(BetweenTries);
        }
    }

    public void End() => _ended = true;

    /// <inheritdoc/>
    public override string ToString() => $"{_does} at {_cursor}, having heard {string.Join(',', _heard.Select(heard => $"{heard.Key}.{heard.Value}"))}";

    /// <summary>Whether it has heard everything that there is.</summary>
    public async Task<bool> IsUpToDateAsync()
    {
        var head = await database.Data.ReadHeadAsync(CancellationToken.None);
        for (var shard = 0; _cursor is not null && shard < head.Cursor.Shards; shard++)
        {
            if ((await AfterAsync(shard, _heard.GetValueOrDefault(shard))).Any(IsShown))
            {
                return false;
            }
        }

        return _cursor?.Generation == head.Generation;
    }

    private static bool IsShown(StoredEvent stored) => EventNames.Shown.ContainsKey(stored.Name);

    private ValueTask<IReadOnlyList<StoredEvent>> AfterAsync(int shard, long sequence) =>
        database.Data.ReadEventsAsync(shard, sequence, 10_000, CancellationToken.None);

    private async Task ConnectAsync()
    {
        if (audience.Any() is not { Feed: { } feed, Process: { } process })
        {
            return;
        }

        _does = "connects";
        var (subscription, head) = await Audience.InAsync(process, async () => await feed.SubscribeAsync(_cursor, [], CancellationToken.None));
        if (subscription is null)
        {
            if (_cursor!.Generation == head.Generation)
            {
                throw new ViolationException("S12 gone", $"a cursor of this journal, {_cursor.Cursor}, is not known to it at {head.Cursor}");
            }

            counts.Reached("cursor gone");
            _cursor = null;
            return;
        }

        using (subscription)
        {
            _does = "listens";
            Begin(CursorText.Read(subscription.StartText)!);
            await HearAsync(process, subscription);
        }
    }

    private void Begin(JournalHead start)
    {
        if (_cursor is null)
        {
            _cursor = start;
            _heard.Clear();
            for (var shard = 0; shard < start.Cursor.Shards; shard++)
            {
                _heard[shard] = start.Cursor[shard];
            }
        }
    }

    private async Task HearAsync(SimulatedProcess process, Subscription subscription)
    {
        List<Frame> frames = [];
        while (!_ended)
        {
            var state = await Audience.InAsync(
                process, async () => await subscription.NextAsync(frames, TimeSpan.FromSeconds(5), CancellationToken.None));

            // A connection breaks anywhere: what was not heard comes again.
            var breaks = random.Once(8);
            foreach (var frame in frames.Take(breaks ? random.Next(frames.Count + 1) : frames.Count))
            {
                await HearAsync(frame);
            }

            if (breaks || state != SubscriptionState.Open)
            {
                counts.Reached(breaks ? "listener resumed" : "listener sent away");
                return;
            }

            if (random.Once(6))
            {
                await world.Pass(TimeSpan.FromSeconds(4 * random.NextDouble()));
            }
        }
    }

    private async Task HearAsync(Frame frame)
    {
        using var told = JsonDocument.Parse(frame.Json);
        var before = _cursor!.Generation;
        _cursor = CursorText.Read(told.RootElement.GetProperty("cursor").GetString()!)!;
        if (_cursor.Generation != before)
        {
            throw new ViolationException("S12 restored", $"event {frame.Shard}.{frame.Sequence} is of generation {_cursor.Generation}, the one before it of {before}");
        }

        if (_cursor.Generation != database.Generation)
        {
            // Of a past that was lost meanwhile; the node will send it away.
            return;
        }

        var last = _heard.GetValueOrDefault(frame.Shard);
        if (frame.Sequence <= last)
        {
            throw new ViolationException("S12 once", $"event {frame.Shard}.{frame.Sequence} was heard after {last}");
        }

        StoredEvent[] now = [.. (await AfterAsync(frame.Shard, last)).TakeWhile(stored => stored.Sequence <= frame.Sequence)];
        if (now.LastOrDefault()?.Sequence != frame.Sequence)
        {
            throw new ViolationException("S12 durable", $"event {frame.Shard}.{frame.Sequence} was heard and is not in the journal");
        }

        if (now.SkipLast(1).FirstOrDefault(IsShown) is { } missed)
        {
            throw new ViolationException("S12 gap", $"event {frame.Shard}.{frame.Sequence} was heard after {last}, and {missed.Sequence} {missed.Name} was not");
        }

        _heard[frame.Shard] = frame.Sequence;
        counts.Reached("listened");
    }
}
