using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using AgentCluster.SystemTests.Clusters;

namespace AgentCluster.SystemTests.Networks;

/// <summary>A port of this machine's loopback that is the same port of the loopback in a network namespace, whatever becomes of the network between.</summary>
/// <param name="name">The namespace's.</param>
internal sealed class Door(string name) : LoopbackProxy(0)
{
    private const int Network = 0x4000_0000;

    protected override async Task PassAsync(TcpClient caller, TcpClient target) =>
        await await Task.WhenAny(CopyAsync(caller, target, _ => Passing.On), CopyAsync(target, caller, _ => Passing.On));

    protected override async Task<TcpClient> ConnectAsync()
    {
        var socket = await SocketAsync();
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        return new() { Client = socket };
    }

    /// <summary>A socket belongs to the namespace of the thread that made it. That thread makes nothing else, and ends.</summary>
    private Task<Socket> SocketAsync()
    {
        var made = new TaskCompletionSource<Socket>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                using var place = File.OpenHandle("/run/netns/" + name);
                made.SetResult(Native.Enter((int)place.DangerousGetHandle(), Network) == 0
                    ? new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
                    : throw new IOException($"{name} cannot be entered: error {Marshal.GetLastPInvokeError()}."));
            }
            catch (IOException gone)
            {
                made.SetException(gone);
            }
        }).Start();
        return made.Task;
    }

    private static class Native
    {
        [DllImport("libc", EntryPoint = "setns", SetLastError = true)]
        public static extern int Enter(int place, int kind);
    }
}
