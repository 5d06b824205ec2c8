using System.Diagnostics;
using System.Net.Sockets;

namespace AgentCluster.Cli.Nodes;

/// <summary>A node on this machine: whether one runs, and starting one that stays when <c>pbm</c> ends.</summary>
/// <param name="address">Where it listens, or is to.</param>
internal sealed class LocalNode(Uri address)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(200);

    /// <summary>Where a node that was started for somebody writes its log: beside its data.</summary>
    public static string Log { get; } = Path.Combine(
        Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "agentcluster-node.log");

    /// <summary>Where the program lies: beside this one, or where the repository builds it; null when in neither place.</summary>
    public static string? Program()
    {
        var name = OperatingSystem.IsWindows() ? "AgentCluster.Node.exe" : "AgentCluster.Node";
        var here = new DirectoryInfo(AppContext.BaseDirectory);
        string?[] places =
        [
            Path.Combine(here.FullName, name),
            here.Parent?.Parent?.Parent?.Parent is { } source ? Path.Combine(source.FullName, "AgentCluster.Node", "bin", here.Parent.Name, here.Name, name) : null,
        ];
        return places.FirstOrDefault(File.Exists);
    }

    /// <summary>Starts one where none runs, and waits until it takes connections. Another that starts at the same time is as good.</summary>
    /// <param name="program">The node's.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    /// <returns>What stands in the way, in a sentence; null when a node is there.</returns>
    public async Task<string?> EnsureAsync(string? program, CancellationToken cancellationToken)
    {
        if (!address.IsLoopback || await IsThereAsync(cancellationToken))
        {
            return null;
        }

        if (program is null || address.Scheme != Uri.UriSchemeHttp)
        {
            return $"No node runs at {address}, and none is started: expected the program AgentCluster.Node beside pbm, and an address with http.";
        }

        using var started = Start(program);
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < Patience; await Task.Delay(BetweenLooks, cancellationToken))
        {
            if (await IsThereAsync(cancellationToken))
            {
                return null;
            }
        }

        return $"A node was started at {address} and does not answer within {Patience.TotalSeconds} s; {Log} says why.";
    }

    /// <summary>Its output goes to a file: that of this process belongs to the client. It is no child of the client's terminal.</summary>
    private Process? Start(string program) => OperatingSystem.IsWindows()
        ? Process.Start(new ProcessStartInfo(program, ["--http", address.Authority]) { UseShellExecute = true, WindowStyle = ProcessWindowStyle.Hidden })
        : Process.Start("/bin/sh",
        [
            "-c", """command -v setsid >/dev/null && s=setsid; exec $s "$0" --http "$1" >>"$2" 2>&1 </dev/null""", program, address.Authority, Log,
        ]);

    private async Task<bool> IsThereAsync(CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address.Host, address.Port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
