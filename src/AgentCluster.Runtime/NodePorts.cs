using AgentCluster.Runtime.Membership;
using AgentCluster.Runtime.Ports;
using AgentCluster.Runtime.Store;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Runtime;

/// <summary>All that a node's runtime knows of the world. In production the real ones, in a simulation the seed's.</summary>
/// <param name="Store">The durable record.</param>
/// <param name="Dispatcher">Where turns run.</param>
/// <param name="Clock">Wall and monotonic time, timers.</param>
/// <param name="Random">Chance and ids.</param>
/// <param name="Log">For operators.</param>
public sealed record NodePorts(IStore Store, IDispatcher Dispatcher, TimeProvider Clock, IRandom Random, ILogger Log)
{
    /// <summary>Follows commands; null when nothing does.</summary>
    public ITracing? Tracing { get; init; }

    /// <summary>Who shares the store; null for a node alone, which then owns every shard.</summary>
    public IMembers? Members { get; init; }

    /// <summary>Brings commands to the other nodes; null where callers go there themselves.</summary>
    public ITransport? Transport { get; init; }

    /// <summary>How it takes part; needed with <see cref="Members"/>.</summary>
    public MembershipOptions? Membership { get; init; }
}
