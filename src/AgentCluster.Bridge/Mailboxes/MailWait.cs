using AgentCluster.Actors;
using AgentCluster.Bridge.Live;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Tasks;
using AgentCluster.Domain;
using AgentCluster.Domain.Agents;

namespace AgentCluster.Bridge.Mailboxes;

/// <summary>
/// Waits for mail. Whoever waits follows the agent's channel of the live feed and holds no thread, and is woken by the
/// commit that brings something, whichever node made it. While it waits, the agent is alive.
/// </summary>
/// <param name="actors">Asked where a mailbox ends.</param>
/// <param name="feed">Wakes.</param>
/// <param name="signs">Hears that agents are alive.</param>
/// <param name="clock">Times the waiting.</param>
/// <param name="most">How many may wait at a time.</param>
internal sealed class MailWait(IActorClient actors, LiveFeed feed, Signs signs, TimeProvider clock, int most)
{
    private const int RetryAfterSeconds = 5;
    private int _waiting;

    /// <summary>Answers where a mailbox ends: at once when there is something after a place, else when there is, or the time is over.</summary>
    /// <param name="agent">Whose.</param>
    /// <param name="after">The place; null for the last acknowledged one.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="gone">Nobody waits any more.</param>
    /// <exception cref="StoreUnavailableException">The journal cannot be read now.</exception>
    public async ValueTask<(MailboxReply? Reply, Problem? Refused)> EndAsync(string agent, long? after, TimeSpan patience, CancellationToken gone)
    {
        signs.Seen(agent);
        var reply = await AskAsync(agent);
        if (patience == TimeSpan.Zero || reply is not MailboxReply.Found found || found.Last > (after ?? found.Acknowledged))
        {
            return (reply, null);
        }

        if (Interlocked.Increment(ref _waiting) > most)
        {
            Interlocked.Decrement(ref _waiting);
            return (null, Unanswered.NotDone(
                ProblemKind.Overloaded, $"Expected at most {most} calls that wait for mail, found as many. Ask without waiting.", RetryAfterSeconds));
        }

        try
        {
            return (await FollowAsync(agent, after, patience, gone), null);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async ValueTask<MailboxReply> FollowAsync(string agent, long? after, TimeSpan patience, CancellationToken gone)
    {
        var began = clock.GetTimestamp();
        List<Frame> frames = [];
        var (subscription, _) = await feed.SubscribeAsync(after: null, ["agent:" + agent], gone);
        try
        {
            while (true)
            {
                // Asked after each look at the feed, so that nothing comes between the two.
                var reply = await AskAsync(agent);
                var left = patience - clock.GetElapsedTime(began);
                if (reply is not MailboxReply.Found found || found.Last > (after ?? found.Acknowledged) || left <= TimeSpan.Zero || feed.IsStopped)
                {
                    return reply;
                }

                signs.Seen(agent);
                var sign = found.Ttl / 2;
                if (await subscription!.NextAsync(frames, left < sign ? left : sign, gone) is not SubscriptionState.Open)
                {
                    subscription.Dispose();
                    (subscription, _) = await feed.SubscribeAsync(after: null, ["agent:" + agent], gone);
                }
            }
        }
        finally
        {
            subscription!.Dispose();
        }
    }

    private ValueTask<MailboxReply> AskAsync(string agent) =>
        actors.AskAsync(Kinds.AgentOf(new(agent)), new AgentCommand.ReadMailbox(), id: null, CancellationToken.None);
}
