using System.Diagnostics;
using System.Globalization;
using System.Net;
using AgentCluster.Benchmarks.Floors;
using AgentCluster.Runtime.Store;
using AgentCluster.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace AgentCluster.Benchmarks.Subjects;

/// <summary>A node in a process of its own that has every actor, and a bare echo beside it; and a node here that asks it, both on stores in memory.</summary>
internal sealed class OtherNode : IAsyncDisposable
{
    /// <summary>What this program is told to be the other process.</summary>
    public const string Argument = "--answering";

    private static readonly byte[] Secret = "the same in both processes of this benchmark"u8.ToArray();
    private readonly Process _process;
    private readonly ClusterTransport _transport;

    private OtherNode(Process process, ClusterTransport transport, MemoryNode node, IPEndPoint echo) =>
        (_process, _transport, Node, Echo) = (process, transport, node, echo);

    /// <summary>Asks the other.</summary>
    public MemoryNode Node { get; }

    /// <summary>Where the echo is.</summary>
    public IPEndPoint Echo { get; }

    /// <summary>Is the other process, until its input ends.</summary>
    public static async Task<int> AnswerAsync()
    {
        await using var transport = Transport();
        await using var node = await MemoryNode.StartAsync(MemoryNode.Store(), transport);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{transport.Address} {node.Actors.Incarnation.Value} {FramedEcho.Serve()}"));
        await Console.In.ReadToEndAsync();
        return 0;
    }

    public static async Task<OtherNode> StartAsync()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardInput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(typeof(OtherNode).Assembly.Location);
        }

        start.ArgumentList.Add(Argument);
        var process = Process.Start(start)!;
        var said = (await process.StandardOutput.ReadLineAsync())!.Split(' ');
        var other = new Incarnation(UInt128.Parse(said[1], CultureInfo.InvariantCulture));

        // As this process sees it, the other is a member that has every shard.
        var store = MemoryNode.Store();
        await store.JoinAsync(new(other, "", 1, Runtime.Membership.MemberStatus.Up, DateTimeOffset.UnixEpoch, "") { PeerAddress = said[0] }, CancellationToken.None);
        await store.TakeAsync(
            [.. Enumerable.Range(0, new Runtime.NodeOptions().Shards).Select(shard => new Runtime.Membership.ShardOwner(shard, 0, Incarnation.None))], 1, other, CancellationToken.None);
        var transport = Transport();
        return new(process, transport, await MemoryNode.StartAsync(store, transport), IPEndPoint.Parse(said[2]));
    }

    public async ValueTask DisposeAsync()
    {
        await _transport.DisposeAsync();
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static ClusterTransport Transport() => new(new(new(IPAddress.Loopback, 0), Secret), TimeProvider.System, NullLogger<ClusterTransport>.Instance);
}
