using AgentCluster.Actors;
using AgentCluster.Runtime.Cells;
using AgentCluster.Runtime.Lanes;
using AgentCluster.Runtime.Mail;
using AgentCluster.Runtime.Sharding;

namespace AgentCluster.Runtime.Asks;

/// <summary>A command on its way to an actor, and whoever waits for what becomes of it.</summary>
internal sealed class Envelope(Shard shard, ActorId to, ICommand command) : LaneWork
{
    public ActorId To { get; } = to;

    public ICommand Command { get; } = command;

    public Shard Shard => shard;

    /// <summary>Whether another node sent it here: it is not sent on.</summary>
    public bool IsForwarded { get; init; }

    /// <summary>The caller outside, if one waits.</summary>
    public PendingAsk? Ask { get; init; }

    /// <summary>The caller's name for the command, if it gave one.</summary>
    public CommandId? Id { get; init; }

    /// <summary>What <see cref="Id"/> is remembered under.</summary>
    public UInt128 KeyHash { get; set; }

    /// <summary>The id of the row that it is remembered in.</summary>
    public string KeyRow { get; set; } = "";

    /// <summary>Where it comes from when another actor sent it.</summary>
    public Letter? Letter { get; init; }

    /// <summary>The timer that fired, when it is one.</summary>
    public ActorTimer? Timer { get; init; }

    /// <summary>The cell that counts it as pending.</summary>
    public Cell? At { get; set; }

    /// <summary>Whether its turn was taken and writes: from then on nobody can say that it was not done.</summary>
    public bool Decided { get; set; }

    /// <summary>Rows that it needed and that do not exist. True as long as they are pinned: nobody can make one and have it forgotten meanwhile.</summary>
    public HashSet<RowKey>? Absent { get; set; }

    /// <summary>Rows that it needed, pinned until it is decided.</summary>
    public List<RowKey>? Pinned { get; set; }

    /// <summary>How often it asked for rows.</summary>
    public int Loads { get; set; }

    /// <summary>Whether there is still a point in taking its turn.</summary>
    public bool IsWanted => Ask is not { IsCompleted: true };

    /// <summary>It goes to another cell: what it learned of the state of this one counts no more.</summary>
    public void Forget()
    {
        (Absent, Pinned, Loads) = (null, null, 0);
    }

    /// <summary>The same command, as if nobody had seen it.</summary>
    public Envelope Afresh() => Ask!.Envelope = new(shard, To, Command) { Ask = Ask, Id = Id };

    public override void Run() => shard.Deliver(this);
}
