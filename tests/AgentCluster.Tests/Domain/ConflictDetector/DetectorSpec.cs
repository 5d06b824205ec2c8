using AgentCluster.Domain;
using AgentCluster.Domain.Agents;
using AgentCluster.Domain.ConflictDetector;
using AgentCluster.Domain.Conflicts;
using AgentCluster.Domain.Mailboxes;
using AgentCluster.Domain.Reservations;
using AgentCluster.Domain.Tasks;
using AgentCluster.Domain.Worktrees;
using AgentCluster.TestKit.Behaviors;
using static AgentCluster.Domain.ConflictDetector.DetectorCommand;

namespace AgentCluster.Tests.Domain.ConflictDetector;

/// <summary>A repository and the agents who work in it.</summary>
public abstract class DetectorSpec() : BehaviorSpec<DetectorBehavior, DetectorState, DetectorCommand, DetectorEvent>("apollo")
{
    private int _minted;

    internal static AgentId One { get; } = new("agent1");

    internal static AgentId Two { get; } = new("agent2");

    internal static AgentId Three { get; } = new("agent3");

    internal Conflict Only => Assert.Single(State.Book.Conflicts.Values);

    internal ReservationId Mint() => new(Ulid.New(Now, (UInt128)(++_minted)));

    internal ReserveReply Ask(AgentId agent, string path, ReservationMode mode = ReservationMode.Exclusive, Stake? stake = null, int ttl = 600, TaskId? task = null) =>
        Ask(agent, [path], mode, stake, ttl, task);

    internal ReserveReply Ask(
        AgentId agent, ValueList<string> paths, ReservationMode mode = ReservationMode.Exclusive, Stake? stake = null, int ttl = 600, TaskId? task = null) =>
        When(new Reserve(new(Mint(), agent, paths, mode, ttl) { Stake = stake ?? Stake.None, Task = task })).Reply;

    internal Reservation Have(AgentId agent, string path, Stake? stake = null, TaskId? task = null) =>
        Assert.IsType<ReserveReply.Granted>(Ask(agent, path, stake: stake, task: task)).Reservation;

    internal Reservation Want(AgentId agent, string path, Stake? stake = null, TaskId? task = null) =>
        Assert.IsType<ReserveReply.Refused>(Ask(agent, path, stake: stake, task: task)).Want;

    internal void Work(AgentId agent, string name, string? branch = null, string? path = null, Priority? priority = null, params string[] files)
    {
        Assert.IsType<WorktreeReply.Put>(When(new PutWorktree(new(name, agent, branch ?? $"feature/{name}", "main") { Path = path, Priority = priority })).Reply);
        if (files.Length > 0)
        {
            When(new TouchFiles(name, files.ToValueList()));
        }
    }

    internal Conflict Of(ConflictType type) => Assert.Single(State.Book.Conflicts.Values, conflict => conflict.Found.Type == type);

    internal static (string Strategy, bool Successful)[] Tried(Conflict conflict) =>
        [.. conflict.Attempts.Select(attempt => (attempt.Strategy, attempt.Successful))];

    internal static IEnumerable<string> Told(Turned<DetectorEvent> turn, AgentId agent) => turn.Messages
        .Where(message => message.To == Kinds.AgentOf(agent))
        .Select(message => Assert.IsType<AgentCommand.TakeMail>(message.Command).Mail)
        .Where(mail => mail.Kind == MailKind.Notice)
        .Select(mail => mail.Content.Text);
}
