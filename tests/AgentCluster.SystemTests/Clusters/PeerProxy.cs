using System.Globalization;
using System.Net.Sockets;

namespace AgentCluster.SystemTests.Clusters;

/// <summary>Stands in front of a node's cluster port: passes everything on, swallows one direction, or lets nobody through.</summary>
internal sealed class PeerProxy(int node) : LoopbackProxy(node)
{
    /// <summary>What other nodes are told.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>What the node answers is taken and goes nowhere.</summary>
    public bool SwallowsAnswers { get; set; }

    protected override async Task PassAsync(TcpClient caller, TcpClient target) => await await Task.WhenAny(
        CopyAsync(caller, target, _ => Passing.On), CopyAsync(target, caller, _ => SwallowsAnswers ? Passing.Swallowed : Passing.On));
}
