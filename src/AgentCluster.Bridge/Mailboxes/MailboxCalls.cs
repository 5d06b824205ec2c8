using AgentCluster.Actors;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Tasks;
using AgentCluster.Domain;
using AgentCluster.Domain.Queries;

namespace AgentCluster.Bridge.Mailboxes;

/// <summary>What the operations on mailboxes have in common.</summary>
/// <param name="Actors">Sends commands.</param>
/// <param name="Mail">Reads what lies in mailboxes.</param>
/// <param name="Delegations">Knows who has a role.</param>
/// <param name="Waiting">Waits for mail.</param>
/// <param name="Signs">Hears that agents are alive.</param>
internal sealed record MailboxCalls(IActorClient Actors, MailQueries Mail, DelegationQueries Delegations, MailWait Waiting, Signs Signs)
{
    private const int RetryAfterSeconds = 5;

    /// <summary>Asks an agent's actor.</summary>
    /// <param name="agent">Which.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="id">Makes it take effect once; null for a read.</param>
    public ValueTask<TReply> AskAsync<TReply>(string agent, ICommand<TReply> command, CommandId? id) =>
        Actors.AskAsync(Kinds.AgentOf(new(agent)), command, id, CancellationToken.None);

    /// <summary>The mailbox takes nothing more until something was read.</summary>
    /// <param name="agent">Whose it is.</param>
    /// <param name="unread">How many are unread.</param>
    public static Problem Full(AgentId agent, long unread) => Unanswered.NotDone(
        ProblemKind.Overloaded,
        FormattableString.Invariant($"The mailbox of '{agent}' is full: {unread} are unread. It takes more when '{agent}' has acknowledged some."),
        RetryAfterSeconds);
}
