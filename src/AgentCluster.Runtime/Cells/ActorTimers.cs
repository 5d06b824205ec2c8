using System.Collections.Immutable;
using AgentCluster.Actors;
using AgentCluster.Runtime.Asks;
using AgentCluster.Runtime.Commits;
using AgentCluster.Runtime.Lanes;
using AgentCluster.Runtime.Mutants;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Runtime.Cells;

/// <summary>
/// One actor's timers. Durable ones have a row, which goes in the commit of the turn that the timer led to; implied ones
/// live here only.
/// </summary>
internal sealed class ActorTimers(Cell cell)
{
    private const int ParkAfter = 3;
    private static readonly TimeSpan TooLate = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);
    private readonly TimerSet _timers = new();
    private int _implied;

    public int Count => _timers.Count;

    public bool HasImplied => _implied > 0;

    /// <summary>Monotonic timestamp of the next one due; null when none is set.</summary>
    public long? Earliest => _timers.Count == 0 ? null : _timers.All.Min(timer => timer.Running!.Due);

    public bool AnyDurable(ImmutableArray<TimerChange> changes)
    {
        foreach (var change in changes)
        {
            if (change is TimerChange.Set || _timers.Find(change.Key) is { IsDurable: true })
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Ends the timer whose turn this was, then makes the changes that the turn decided.</summary>
    public void Change(Part? part, ActorTimer? fired, ImmutableArray<TimerChange> changes)
    {
        if (fired is not null && _timers.Find(fired.Key) == fired)
        {
            Remove(part, fired.Key);
        }

        foreach (var change in changes)
        {
            Remove(part, change.Key);
            switch (change)
            {
                case TimerChange.Arm arm:
                    Start(new(this, arm.Key, arm.Command, arm.After, isDurable: false), arm.After);
                    break;
                case TimerChange.Set set:
                    part!.Put(RuntimeTables.Timer, Row(set));
                    Start(new(this, set.Key, set.Command, default, isDurable: true), Wait(set.Due));
                    break;
            }
        }
    }

    public void Restore(IReadOnlyList<Row> rows, TimeSpan notBefore)
    {
        foreach (var row in rows)
        {
            var key = new TimerKey(row.Columns[0].Text!, row.Columns[1].Text!);
            var command = (ICommand)cell.Kind.Json.Commands.Read(row.Columns[2].Text!, row.Payload.Span);
            var wait = Wait(RowValue.Moment(row.Columns[3].Number!.Value));
            Start(new(this, key, command, default, isDurable: true), wait > notBefore ? wait : notBefore);
        }
    }

    /// <summary>Deciding a timer's command failed: again in a while, and after three times it is set aside where it can be seen.</summary>
    public void Failed(ActorTimer timer, Exception bug)
    {
        timer.Failures++;
        if (timer.Failures < ParkAfter)
        {
            timer.Running = cell.Shard.Lane.Timers.Set(AfterFailure * timer.Failures, _ => Fire(timer));
            return;
        }

        if (timer.IsDurable)
        {
            var (name, payload) = cell.Kind.Json.Commands.Write(timer.Command);
            cell.Inbox.Park(cell.Shard.OpenPart(cell), $"{cell.Id}#{timer.Key}", cell.Id, name, payload, bug);
            Remove(cell.Open, timer.Key);
        }
        else
        {
            Remove(null, timer.Key);
        }
    }

    public void Stop()
    {
        foreach (var timer in _timers.All)
        {
            timer.Running!.Cancel();
        }

        _timers.Clear();
        _implied = 0;
    }

    private void Start(ActorTimer timer, TimeSpan after)
    {
        _timers.Put(timer);
        _implied += timer.IsDurable ? 0 : 1;
        Run(timer, after);
    }

    private void Run(ActorTimer timer, TimeSpan after) =>
        timer.Running = cell.Shard.Lane.Timers.Set(after, timer, static (timer, late) => timer.Owner.Fire(timer, late));

    private void Fire(ActorTimer timer, TimeSpan late)
    {
        // The process was stopped: what should have renewed this could not be heard either. Late, never early.
        if (!timer.IsDurable && late > TooLate && !cell.Node.Breaks(Mutant.FiresLateTimers))
        {
            Run(timer, timer.After);
            return;
        }

        Fire(timer);
    }

    private void Fire(ActorTimer timer) => cell.Deliver(new(cell.Shard, cell.Id, timer.Command) { Timer = timer });

    private void Remove(Part? part, TimerKey key)
    {
        if (_timers.Take(key) is { } timer)
        {
            timer.Running!.Cancel();
            _implied -= timer.IsDurable ? 0 : 1;
            if (timer.IsDurable)
            {
                part!.Delete(RuntimeTables.Timer, RowId(key));
            }
        }
    }

    private string RowId(TimerKey key) => $"{cell.Id}#{key}";

    private Row Row(TimerChange.Set set)
    {
        var (name, payload) = cell.Kind.Json.Commands.Write(set.Command);
        return new(
            new(RuntimeTables.Timer.Name, RowId(set.Key)),
            cell.Id,
            [RowValue.Of(set.Key.Kind), RowValue.Of(set.Key.Subject), RowValue.Of(name), RowValue.Of(set.Due)],
            payload);
    }

    /// <summary>Read from the wall clock once; waited out on the monotonic one.</summary>
    private TimeSpan Wait(DateTimeOffset due)
    {
        var wait = due - cell.Node.Clock.GetUtcNow();
        return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
    }
}

/// <summary>One timer of an actor.</summary>
internal sealed class ActorTimer(ActorTimers owner, TimerKey key, ICommand command, TimeSpan after, bool isDurable)
{
    public ActorTimers Owner { get; } = owner;

    public TimerKey Key { get; } = key;

    public ICommand Command { get; } = command;

    /// <summary>The full length of an implied timer, for starting again.</summary>
    public TimeSpan After { get; } = after;

    public bool IsDurable { get; } = isDurable;

    public LaneTimer? Running { get; set; }

    public int Failures { get; set; }
}
