using System.Net;
using System.Net.Sockets;

namespace AgentCluster.Tests;

/// <summary>
/// Ports of the loopback address for what is started with a port, or started again at the same one. They lie below those that systems hand
/// out by themselves, so nothing that runs beside takes one between two starts; each is given once.
/// </summary>
internal static class Ports
{
    private const int First = 12_000;
    private const int Count = 18_000;

    // Two runs on one machine begin at different places.
    private static int _given = Random.Shared.Next(Count);

    /// <summary>One that nobody listens at.</summary>
    public static int Free()
    {
        int port;
        do
        {
            port = First + (int)((uint)Interlocked.Increment(ref _given) % Count);
        }
        while (!IsFree(port));
        return port;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
