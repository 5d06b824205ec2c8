using System.Net;
using System.Net.Sockets;
using AgentCluster.Runtime.Ports;
using AgentCluster.Transport.Connections;
using AgentCluster.Transport.Handshakes;

namespace AgentCluster.Transport.Peers;

/// <summary>Connects over TCP, with TLS where there are certificates.</summary>
/// <param name="options">How long it may take.</param>
/// <param name="proof">Of the cluster.</param>
/// <param name="clock">Measures that.</param>
/// <param name="self">This run of this node.</param>
internal sealed class SocketConnector(TransportOptions options, ClusterProof proof, TimeProvider clock, Func<UInt128> self)
{
    /// <summary>Connects, and finds out that the other side is who is meant: on what comes back both sides have proved who they are.</summary>
    public async Task<StreamPipe> ConnectAsync(Peer peer, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(options.ConnectWithin, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        var place = new Uri("tcp://" + peer.Address);
        if (options.Tls is null && !(IPAddress.TryParse(place.IdnHost, out var address) && IPAddress.IsLoopback(address)))
        {
            throw new HandshakeException("expected a loopback address, for there are no certificates (agentcluster.cluster.tls-certificate), found another machine's");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(place.IdnHost, place.Port, either.Token);
            var pipe = await StreamPipe.OfCalledAsync(socket, options.Tls, place.IdnHost, either.Token);
            await Handshake.CallAsync(pipe, proof, self(), peer.Incarnation, either.Token);
            return pipe;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
