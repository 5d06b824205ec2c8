using AgentCluster.Actors;
using AgentCluster.Bridge.Handles;
using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Queries;

namespace AgentCluster.Bridge.Agents;

/// <summary>What the operations on agents have in common.</summary>
/// <param name="Actors">Sends commands.</param>
/// <param name="Agents">Reads lists of agents.</param>
/// <param name="Tasks">Reads what agents hold.</param>
/// <param name="History">Reads what agents have done.</param>
/// <param name="Profiles">Hears of each registration.</param>
/// <param name="Handles">Derives handles.</param>
/// <param name="Clock">Tells until when leases last.</param>
internal sealed record AgentCalls(IActorClient Actors, AgentQueries Agents, TaskQueries Tasks, HistoryQueries History, Profiles Profiles, AgentHandles Handles, TimeProvider Clock)
{
    /// <summary>Asks the agent that the path names.</summary>
    /// <param name="call">The call.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="id">Makes it take effect once; null for a read.</param>
    public ValueTask<TReply> AskAsync<TReply>(in Call call, ICommand<TReply> command, CommandId? id) =>
        Actors.AskAsync(Kinds.AgentOf(new(call.Subject)), command, id, CancellationToken.None);

    /// <summary>What the agent that the path names holds, and what was cancelled while it held it.</summary>
    /// <param name="call">The call.</param>
    public ValueTask<IReadOnlyList<LeaseView>> LeasesAsync(in Call call) => Tasks.LeasesAsync(new(call.Subject), Clock.GetUtcNow(), CancellationToken.None);

    /// <summary>The same, to be shown with what has just taken effect.</summary>
    /// <param name="call">The call.</param>
    /// <exception cref="OutcomeUnknownException">They cannot be read now. "Not done" would be a lie: a handle may have been made anew.</exception>
    public async ValueTask<IReadOnlyList<LeaseView>> LeasesAfterwardsAsync(Call call)
    {
        try
        {
            return await LeasesAsync(call);
        }
        catch (StoreUnavailableException away)
        {
            throw new OutcomeUnknownException(Kinds.AgentOf(new(call.Subject)), $"what the agent holds could not be read afterwards: {away.Message}");
        }
    }

    /// <summary>How many claims the agent that the path names holds.</summary>
    /// <param name="call">The call.</param>
    public async ValueTask<int> HeldAsync(Call call) => (await LeasesAsync(call)).Count(lease => !lease.CancelRequested);

    /// <summary>Says what is wrong with acting as the agent that the path names; null when nothing is.</summary>
    /// <param name="call">The call.</param>
    public static Problem? WrongSelf(in Call call) =>
        Fields.WrongAgent(call, call.Subject, out _);

    /// <summary>There is no such agent.</summary>
    /// <param name="call">The call.</param>
    public static Problem Unknown(in Call call) => Problem.NotFound("agent", call.Subject);
}
