using System.Collections.Immutable;
using AgentCluster.Actors;
using AgentCluster.Runtime.Store;

namespace AgentCluster.TestKit.Simulation;

/// <summary>What goes wrong between processes and the database: drawn anew for each call, and for as long as the database is down or full.</summary>
internal sealed class StoreFaults(World world, FaultPlan plan, FaultCounts counts)
{
    private static readonly TimeSpan LongestOutage = TimeSpan.FromSeconds(15);

    private static readonly ImmutableArray<Fault> OfCommits =
    [
        Fault.RequestLost, Fault.ReplyLost, Fault.Orphaned, Fault.Busy, Fault.Failed, Fault.Slow, Fault.Down, Fault.Full, Fault.Refused,
    ];

    private TimeSpan _downUntil;
    private TimeSpan _fullUntil;

    /// <summary>Whether faults may still happen.</summary>
    public bool IsOn { get; set; } = true;

    public static CommitOutcome Outcome(Fault? fault) => fault switch
    {
        Fault.Busy => CommitOutcome.Busy,
        Fault.Full => CommitOutcome.Full,
        Fault.Refused => CommitOutcome.Refused,
        _ => CommitOutcome.Failed,
    };

    /// <summary>What goes wrong with the next commit; null when nothing does.</summary>
    public Fault? OfCommit()
    {
        if (!IsOn)
        {
            return null;
        }

        if (world.Clock.Elapsed < _downUntil)
        {
            return Fault.Down;
        }

        if (world.Clock.Elapsed < _fullUntil)
        {
            return Fault.Full;
        }

        Fault[] possible = [.. OfCommits.Where(plan.On.Contains)];
        if (possible.Length == 0 || !world.Random.Once(plan.OncePerCommits))
        {
            return null;
        }

        var fault = possible[world.Random.Next(possible.Length)];
        counts.Happened(fault);
        if (fault == Fault.Down)
        {
            _downUntil = world.Clock.Elapsed + (LongestOutage * world.Random.NextDouble());
        }
        else if (fault == Fault.Full)
        {
            _fullUntil = world.Clock.Elapsed + (LongestOutage * world.Random.NextDouble());
        }

        return fault;
    }

    /// <summary>Whether the answer to a projection's commit is lost.</summary>
    public bool LosesAnswer() => Happens(Fault.ReplyLost, plan.OncePerCommits);

    /// <summary>Whether a call other than a commit finds nobody.</summary>
    public bool FailsCall() => IsDown || Happens(Fault.ReadFails, plan.OncePerReads);

    /// <summary>Whether the answer to a call about members or owners is lost.</summary>
    public bool LosesMemberCall() => Happens(Fault.MemberCallLost, plan.OncePerReads);

    /// <summary>Whether a hint is lost.</summary>
    public bool LosesHint() => Happens(Fault.HintLost, 4);

    /// <summary>Whether a renewal's answer comes when it is not worth anything any more.</summary>
    public bool SlowsRenewal() => Happens(Fault.SlowRenewal, 10);

    /// <summary>How long one leg of a call other than a commit takes; the other is an ordinary one.</summary>
    public TimeSpan LegOfCall() => Leg(Happens(Fault.SlowCall, plan.OncePerReads) ? Fault.Slow : null);

    /// <summary>How long a leg takes when this goes wrong; null for nothing.</summary>
    public TimeSpan Leg(Fault? fault = null) => fault switch
    {
        Fault.Slow => TimeSpan.FromSeconds(5 * world.Random.NextDouble()),
        Fault.Orphaned => TimeSpan.FromSeconds(10 * world.Random.NextDouble()),
        _ => plan.LongestLeg * world.Random.NextDouble(),
    };

    public ActorImage Damage(ActorImage image)
    {
        if (image.Snapshot is not { Payload.Length: > 0 } snapshot)
        {
            return image;
        }

        var payload = snapshot.Payload.ToArray();
        if (Happens(Fault.CorruptSnapshot, 3))
        {
            payload[world.Random.Next(payload.Length)] ^= (byte)(1 << world.Random.Next(8));
        }

        if (Happens(Fault.TornSnapshot, 3))
        {
            payload = payload[..world.Random.Next(payload.Length)];
        }

        return image with { Snapshot = snapshot with { Payload = payload } };
    }

    public IReadOnlyList<StoredEvent> Damage(IReadOnlyList<StoredEvent> events)
    {
        if (events.Count == 0 || !Happens(Fault.TornEvent, 4))
        {
            return events;
        }

        var torn = world.Random.Next(events.Count);
        return [.. events.Select((stored, at) =>
            at == torn ? stored with { Payload = stored.Payload[..world.Random.Next(stored.Payload.Length)] } : stored)];
    }

    private bool IsDown => IsOn && world.Clock.Elapsed < _downUntil;

    private bool Happens(Fault fault, int once)
    {
        var happens = IsOn && plan.On.Contains(fault) && world.Random.Once(once);
        if (happens)
        {
            counts.Happened(fault);
        }

        return happens;
    }
}
