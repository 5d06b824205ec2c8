using AgentCluster.Actors;
using AgentCluster.Runtime.Metrics;
using AgentCluster.Runtime.Mutants;
using AgentCluster.Runtime.Ports;
using AgentCluster.Runtime.Store;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Runtime.Commits;

/// <summary>
/// Brings a group into the store and finds out what became of it.
/// </summary>
/// <remarks>
/// The rules, in order. <c>Busy</c>: the identical group again, bounded. <c>Refused</c>: the database dislikes something
/// that is in it, so the group is sent again shard by shard, then actor by actor, until the culprit stands alone; the
/// others go through. <c>Full</c> and <c>Failed</c>: certainly not done. <c>Unknown</c>: the lease row tells. It holds
/// our batch's id: done. It holds our epoch and the sequence that we expected: certainly not done, so the identical batch
/// is sent again, and whatever comes of that is read again. It holds another epoch: somebody else owns the shard, and
/// what became of the batch is not ours to say. <c>Fenced</c> means "not done" only for a batch that was sent once; one
/// that was sent twice may be fenced by itself.
/// </remarks>
internal sealed class CommitProtocol(
    IStore store, TimeProvider clock, IRandom random, NodeOptions options, CommitCounts counts, ILogger log)
{
    private const int BusyAttempts = 6;
    private static readonly BackOff Retries = new(TimeSpan.FromMilliseconds(5), TimeSpan.FromSeconds(1));

    public bool Breaks(Mutant rule) => options.Mutant == rule;

    public async ValueTask<IReadOnlyList<Settlement>> CommitAsync(IReadOnlyList<SealedBatch> group)
    {
        var result = await SendAsync(group);
        if (result.Outcome == CommitOutcome.Refused && group.Count > 1)
        {
            log.GroupRefused(group.Count, result.Detail);
            return await OneByOneAsync(group, batch => CommitAsync([batch]));
        }

        if (result.Outcome == CommitOutcome.Unknown)
        {
            if (options.Mutant == Mutant.TellsUnknownAsNotDone)
            {
                return [.. group.Select(batch => Ended(batch, result with { Outcome = CommitOutcome.Failed }))];
            }

            // One window for the whole group: while the store is away its shards wait together, not one after the other.
            log.OutcomeUnknown(group.Count, result.Detail);
            var lostAt = clock.GetTimestamp();
            return await OneByOneAsync(group, async batch => [await SettleAsync(batch, lostAt)]);
        }

        if (result.Outcome == CommitOutcome.Refused)
        {
            return [await CommitByActorAsync(group[0], result.Detail)];
        }

        return [.. group.Select(batch => result.Fenced.Contains(batch.Shard.Number)
            ? Lost(batch, End.NotDone, "another node owns the shard")
            : Ended(batch, result))];
    }

    private static async ValueTask<IReadOnlyList<Settlement>> OneByOneAsync(
        IReadOnlyList<SealedBatch> group, Func<SealedBatch, ValueTask<IReadOnlyList<Settlement>>> commit)
    {
        List<Settlement> settled = [];
        foreach (var batch in group)
        {
            settled.AddRange(await commit(batch));
        }

        return settled;
    }

    private async ValueTask<CommitResult> SendAsync(IReadOnlyList<SealedBatch> group)
    {
        StoreBatch[] batches = [.. group.Select(batch => batch.Batch)];
        for (var attempt = 1; ; attempt++)
        {
            var began = clock.GetTimestamp();
            var result = await store.CommitAsync(batches, CancellationToken.None);
            if (result.Outcome != CommitOutcome.Busy)
            {
                Count(batches, result, clock.GetElapsedTime(began));
                return result;
            }

            counts.Busy.Add();

            if (attempt == BusyAttempts)
            {
                counts.Failed.Add();
                return result with { Outcome = CommitOutcome.Failed };
            }

            await PauseAsync(attempt);
        }
    }

    private void Count(StoreBatch[] batches, CommitResult result, TimeSpan took)
    {
        counts.Duration.Record(took.Ticks);
        counts.Fenced.Add(result.Fenced.Count);
        switch (result.Outcome)
        {
            case CommitOutcome.Done:
                counts.Size.Record(batches.Sum(batch => batch.Events.Count));
                break;
            case CommitOutcome.Unknown:
                counts.LostAnswers.Add();
                break;
            case CommitOutcome.Full or CommitOutcome.Failed:
                counts.Failed.Add();
                break;
        }
    }

    /// <summary>A part at a time, each a batch of its own and numbered anew. Refused alone, a part is the culprit.</summary>
    private async ValueTask<Settlement> CommitByActorAsync(SealedBatch refused, string? detail)
    {
        if (refused.Parts.Count == 1)
        {
            var culprit = refused.Parts[0];
            log.ActorRefused(culprit.Cell.Id, refused.Shard.Number, detail);
            return new(refused.Shard, [new(culprit, End.NotDone, Unavailable.NotDone, detail)], refused.Batch.Held, Lost: false);
        }

        List<PartEnd> ends = [];
        var lease = refused.Batch.Held;
        var lost = false;
        foreach (var part in refused.Parts)
        {
            if (lost)
            {
                ends.Add(new(part, End.NotDone, Unavailable.NotDone, "its shard was lost"));
                continue;
            }

            var alone = SealedBatch.Of(refused.Shard, lease, random.NextId(), [part]);
            var settled = (await CommitAsync([alone]))[0];
            ends.AddRange(settled.Parts);
            (lease, lost) = (settled.Lease, settled.Lost);
        }

        return new(refused.Shard, ends, lease, lost);
    }

    private async ValueTask<Settlement> SettleAsync(SealedBatch batch, long lostAt)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await LookAsync(batch) is { } settled)
            {
                return settled;
            }

            if (clock.GetElapsedTime(lostAt) >= options.SettleWindow)
            {
                log.Unsettled(batch.Shard.Number, options.SettleWindow);
                return Lost(batch, End.Unknown, "the store did not say whether it was written");
            }

            await PauseAsync(attempt);
        }
    }

    private async ValueTask<Settlement?> LookAsync(SealedBatch batch)
    {
        ShardLease found;
        try
        {
            found = await store.SettleAsync(batch.Shard.Number, CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            return null;
        }

        var held = batch.Batch.Held;
        if (found.LastBatch == batch.Batch.Id)
        {
            return Ended(batch, CommitResult.Done);
        }

        if ((found.Generation, found.Epoch, found.Owner, found.Sequence, found.LastBatch)
            != (held.Generation, held.Epoch, held.Owner, held.Sequence, held.LastBatch))
        {
            return Lost(batch, End.Unknown, "another node owns the shard");
        }

        var result = await store.CommitAsync([batch.Batch], CancellationToken.None);
        return result.Outcome switch
        {
            CommitOutcome.Unknown or CommitOutcome.Busy => null,
            CommitOutcome.Done when result.Fenced.Count > 0 && options.Mutant == Mutant.BelievesFencedResend =>
                Lost(batch, End.NotDone, "another node owns the shard"),
            CommitOutcome.Done when result.Fenced.Count > 0 => null,
            CommitOutcome.Refused => await CommitByActorAsync(batch, result.Detail),
            _ => Ended(batch, result),
        };
    }

    private static Settlement Ended(SealedBatch batch, CommitResult result)
    {
        if (result.Outcome == CommitOutcome.Done)
        {
            return new(batch.Shard, Ends(batch, End.Done), batch.LeaseAfter, Lost: false);
        }

        var why = result.Outcome == CommitOutcome.Full ? Unavailable.StorageFull : Unavailable.NotDone;
        return new(
            batch.Shard,
            Ends(batch, End.NotDone, why, result.Detail),
            batch.Batch.Held,
            Lost: false);
    }

    private static Settlement Lost(SealedBatch batch, End end, string detail) =>
        new(batch.Shard, Ends(batch, end, Unavailable.NotDone, detail), batch.Batch.Held, Lost: true);

    private static PartEnd[] Ends(SealedBatch batch, End end, Unavailable why = Unavailable.NotDone, string? detail = null)
    {
        var ends = new PartEnd[batch.Parts.Count];
        for (var i = 0; i < ends.Length; i++)
        {
            ends[i] = new(batch.Parts[i], end, why, detail);
        }

        return ends;
    }

    private Task PauseAsync(int attempt) => Task.Delay(Retries.After(attempt, spread: 0.5 + random.NextDouble()), clock);
}
