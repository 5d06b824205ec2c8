using AgentCluster.Actors;

namespace AgentCluster.TestKit.Simulation;

/// <summary>
/// The nodes that share a database, as callers see them: a caller asks any of them, and goes where it is sent. One node alone
/// is the smallest cluster.
/// </summary>
/// <param name="world">Where they run.</param>
/// <param name="nodes">At least one; several have a <see cref="SimulatedNode.Membership"/> with different addresses.</param>
public sealed class SimulatedCluster(World world, IReadOnlyList<SimulatedNode> nodes)
{
    private const int MostHops = 3;
    private static readonly TimeSpan ShortestPatience = TimeSpan.FromSeconds(3);

    /// <summary>All that there are, whether or not they are up.</summary>
    public IReadOnlyList<SimulatedNode> Nodes => nodes;

    /// <summary>Whether there is more than one, so that a node may be asked for what another has.</summary>
    public bool IsShared => nodes.Count > 1;

    /// <summary>Whether any of them takes commands.</summary>
    public bool IsUp => nodes.Any(node => node.IsUp);

    /// <summary>Any of those that take connections; no chance is needed where there is one.</summary>
    public SimulatedNode Any()
    {
        if (!IsShared)
        {
            return nodes[0];
        }

        var first = world.Random.Next(nodes.Count);
        return nodes.Skip(first).Concat(nodes.Take(first)).FirstOrDefault(node => node.IsUp) ?? nodes[first];
    }

    /// <summary>Asks any node, and the one that it names; gives up waiting after a while where there is another to ask.</summary>
    /// <inheritdoc cref="SimulatedNode.AskAsync"/>
    public Task<TReply> AskAsync<TReply>(ActorId actor, ICommand<TReply> command, CommandId? id) =>
        IsShared ? FollowAsync(actor, command, id) : nodes[0].AskAsync(actor, command, id);

    /// <summary>Tells any node over the network; it may be lost.</summary>
    /// <param name="actor">Who is told.</param>
    /// <param name="command">What.</param>
    public void Tell(ActorId actor, ICommand command) => Any().Tell(actor, command);

    /// <summary>What some actors wait for, as each node sees it, for a report of a run that is stuck.</summary>
    /// <param name="actors">Which.</param>
    public async Task<string> DescribeAsync(IEnumerable<ActorId> actors)
    {
        List<string> seen = [];
        foreach (var node in nodes)
        {
            seen.Add(await node.DescribeAsync(actors));
        }

        return string.Join(" | ", seen);
    }

    private async Task<TReply> FollowAsync<TReply>(ActorId actor, ICommand<TReply> command, CommandId? id)
    {
        var node = Any();
        for (var hops = 0; ; hops++)
        {
            try
            {
                return await node.AskAsync(actor, command, id).WaitAsync(ShortestPatience * (1 + (4 * world.Random.NextDouble())), world.Clock);
            }
            catch (ActorUnavailableException sent) when (sent.Elsewhere is { } address && hops < MostHops && At(address) is { } other)
            {
                node = other;
            }
            catch (TimeoutException)
            {
                throw new ConnectionLostException();
            }
        }
    }

    private SimulatedNode? At(string address) => nodes.FirstOrDefault(node => node.Membership?.Address == address);
}
