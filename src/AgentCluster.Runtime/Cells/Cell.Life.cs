using AgentCluster.Actors;
using AgentCluster.Runtime.Asks;
using AgentCluster.Runtime.Commits;
using AgentCluster.Runtime.Mutants;
using AgentCluster.Runtime.Store;

namespace AgentCluster.Runtime.Cells;

/// <remarks>How a cell begins and ends.</remarks>
internal sealed partial class Cell
{
    private const int QuarantineAfter = 3;
    private static readonly BackOff Retries = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10));

    // A store that is back is noticed soon: what waits for it must be answered within 5 seconds.
    private static readonly BackOff StoreRetries = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2));
    private int _storeFailures;

    /// <summary>Recovers once nothing of a predecessor is in flight any more.</summary>
    public void Recover()
    {
        if (Failures >= QuarantineAfter)
        {
            Quarantine();
        }
        else if (Failures > 0)
        {
            WaitAndRecover(Retries.After(Failures), Trouble ?? "it failed and is being recovered");
        }
        else
        {
            Shard.Siblings.Recoveries.Request(this);
        }
    }

    /// <summary>Starts work on what was recovered.</summary>
    public void Install(Recovered recovered)
    {
        if (IsDetached)
        {
            return;
        }

        _machine = recovered.Machine;
        _eventsSinceSnapshot = recovered.Replayed;
        _snapshotBytes = recovered.Image.Snapshot?.Payload.Length ?? 0;
        _lastTurn = Node.Clock.GetTimestamp();
        Status = CellStatus.Running;
        Trouble = null;
        Shard.Siblings.Counts.Activated();
        if (recovered.Image.Received.Count > 0)
        {
            Inbox.Restore(recovered.Image.Received);
        }

        if (recovered.Image.Sent.Count > 0)
        {
            Outbox.Restore(recovered.Image, sendNow: !IsReplacement);
        }

        var notBefore = IsReplacement ? Node.Options.Redelivery : TimeSpan.Zero;
        if (recovered.Image.Timers.Count > 0)
        {
            Timers.Restore(recovered.Image.Timers, notBefore);
        }

        var implied = Machine.Timers(Shard.Generation).ToArray();
        if (implied.Length > 0)
        {
            Timers.Change(null, null, [.. implied.Select(change =>
                change is TimerChange.Arm arm && arm.After < notBefore ? arm with { After = notBefore } : change)]);
        }

        var stash = _stash;
        _stash = null;
        while (stash?.TryDequeue(out var envelope) == true)
        {
            if (IsDetached)
            {
                Forward(envelope);
            }
            else
            {
                Admit(envelope);
            }
        }
    }

    /// <summary>The store cannot be read (nobody's fault, tried for ever), or what it holds cannot be understood (three times).</summary>
    public void RecoveryFailed(Exception error)
    {
        if (IsDetached)
        {
            return;
        }

        Trouble = error.Message;
        if (error is StoreUnavailableException)
        {
            WaitAndRecover(StoreRetries.After(++_storeFailures), error.Message);
            return;
        }

        Failures++;
        Node.Log.RecoveryFailed(Id, Shard.Number, Failures, error);
        Recover();
    }

    /// <summary>Projects what a part has so far, as long as nothing goes wrong.</summary>
    public static void ProjectAhead(Part part)
    {
        try
        {
            part.ProjectAhead();
        }
#pragma warning disable CA1031 // The seal projects it again, and says what is wrong.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    /// <summary>
    /// Projects the rows of a part that is about to be written. A behavior that cannot is dropped with all it has not
    /// sent yet.
    /// </summary>
    public void Seal(Part part)
    {
        try
        {
            part.Seal();
            Open = null;
            _writing = part;
        }
#pragma warning disable CA1031 // Like Apply: a state that cannot be written is worth nothing.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            Failures++;
            Node.Log.ApplyFailed(Id, Shard.Number, "projecting its rows", Failures, bug);
            Drop("its state could not be written; it is being recovered");
        }
    }

    /// <summary>Learns what became of the part that was in flight.</summary>
    public void Settle(PartEnd end)
    {
        var replaced = IsDetached;
        _writing = null;
        if (end.End == End.Done)
        {
            Done(end.Part);
        }
        else
        {
            foreach (var entry in end.Part.Entries)
            {
                Fail(entry.Envelope, Reason(entry, end));
            }

            if (!Node.Breaks(Mutant.KeepsStateAfterFailure))
            {
                Drop(end.Detail ?? "its write failed");
            }
        }

        // The cell in its place has waited for this: what it recovers from must hold what was in flight.
        if (replaced && Shard.IsOwned)
        {
            Shard.Find(Id)?.Recover();
        }
    }

    /// <summary>
    /// Learns what became of the part that was in flight when the store was put back. Even if it was written, it may be gone
    /// by now, so its letters are not sent and nothing is acknowledged; its callers ask again.
    /// </summary>
    public void Supersede(PartEnd end)
    {
        _writing = null;
        foreach (var entry in end.Part.Entries)
        {
            Fail(entry.Envelope, Reason(entry, end.End == End.Done ? end with { End = End.Unknown } : end));
        }
    }

    /// <summary>
    /// Gives up the state in memory: all that was decided on it and not sent is certainly not done. A fresh cell recovers
    /// once what is in flight has settled.
    /// </summary>
    public void Drop(string reason)
    {
        if (IsDetached)
        {
            return;
        }

        Shard.Siblings.Counts.Dropped();
        var fresh = Shard.Replace(this);
        Detach(Unavailable.NotDone, reason);
        fresh.Trouble = reason;
        while (_stash?.TryDequeue(out var envelope) == true)
        {
            Forward(envelope);
        }

        if ((_writing is null && Shard.IsOwned) || Node.Breaks(Mutant.RecoversTooEarly))
        {
            fresh.Recover();
        }
    }

    /// <summary>The shard is not ours any more; nothing here may be used again.</summary>
    public void Lose(string detail)
    {
        Detach(Unavailable.NotDone, detail);
        while (_stash?.TryDequeue(out var envelope) == true)
        {
            Fail(envelope, Unavailable.NotReady, detail);
        }
    }

    public bool CanPassivate() =>
        Status == CellStatus.Running && IsSettled && Pending == 0 && !_hasSoftState
        && _outbox is not { Count: > 0 } && _timers is not { HasImplied: true }
        && Node.Clock.GetElapsedTime(_lastTurn) >= Node.Options.PassivateAfter;

    /// <summary>Leaves memory; what it must be woken for stays with the shard.</summary>
    public void Passivate()
    {
        var due = _timers?.Earliest;
        Detach(Unavailable.NotReady, "it is leaving memory");
        if (due is { } at)
        {
            var wait = Node.Clock.GetElapsedTime(Node.Clock.GetTimestamp(), at);
            Shard.Lane.Timers.Set(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, _ => Shard.Activate(Id));
        }
    }

    private void Detach(Unavailable why, string detail)
    {
        IsDetached = true;
        Shard.Siblings.Counts.ChangeQuarantined(Status == CellStatus.Quarantined ? -1 : 0);
        _timers?.Stop();
        _outbox?.Stop();
        if (Open is { } open)
        {
            Open = null;
            if (Node.Breaks(Mutant.KeepsWhatWasBuiltOnFailure))
            {
                return;
            }

            Shard.Withdraw(open);
            foreach (var entry in open.Entries)
            {
                Fail(entry.Envelope, why, detail);
            }
        }
    }

    private void Done(Part part)
    {
        Failures = 0;
        for (var i = 0; i < part.Events.Count; i++)
        {
            Shard.Siblings.Counts.Happened(part.Events[i]);
        }

        foreach (var entry in part.Entries)
        {
            Release(entry.Envelope, entry.Reply, entry.Writes);
        }

        if (IsDetached)
        {
            return;
        }

        _outbox?.Sent(part.Letters);
        foreach (var key in part.Touched)
        {
            Cold.Unpin(key);
        }

        if (_eventsSinceSnapshot >= Node.Options.SnapshotEvery * (1L + (_snapshotBytes / LargeSnapshot)) && Machine.HasSnapshot
            && (IsSettled || Node.Breaks(Mutant.SnapshotsTooEarly)))
        {
            Snapshot();
        }
    }

    /// <summary>Only when everything has settled: a snapshot carries a committed sequence.</summary>
    private void Snapshot()
    {
        _eventsSinceSnapshot = 0;
        var state = Machine.Snapshot();
        _snapshotBytes = state.Length;
        Shard.OpenPart(this).Put(RuntimeTables.Snapshot, new(
            new(RuntimeTables.Snapshot.Name, Id.ToString()),
            Id,
            [RowValue.Of(Shard.Sequence), RowValue.Of(Recovery.SnapshotSchema), RowValue.Of(StableHash.Checksum(state))],
            state));
    }

    private void WaitAndRecover(TimeSpan pause, string trouble)
    {
        Status = CellStatus.BackingOff;
        Trouble = trouble;
        Shard.Lane.Timers.Set(pause, _ =>
        {
            if (!IsDetached)
            {
                Status = CellStatus.Recovering;
                Shard.Siblings.Recoveries.Request(this);
            }
        });
    }

    private void Quarantine()
    {
        Status = CellStatus.Quarantined;
        Shard.Siblings.Counts.ChangeQuarantined(1);
        Trouble = $"it failed {Failures} times ({Trouble}); mend the cause and restart the node";
        Node.Log.Quarantined(Id, Shard.Number, Failures, Trouble);
        while (_stash?.TryDequeue(out var envelope) == true)
        {
            Fail(envelope, Unavailable.Quarantined, Trouble);
        }
    }

    private Exception Reason(in Entry entry, in PartEnd end) =>
        end.End == End.Unknown && entry.Writes
            ? new OutcomeUnknownException(Id, end.Detail ?? "its commit was not confirmed")
            : new ActorUnavailableException(Id, end.Why, end.Detail ?? "its write failed; send it again");
}
