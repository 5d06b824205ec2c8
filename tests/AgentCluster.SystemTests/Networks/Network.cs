using System.Globalization;
using System.Text.RegularExpressions;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Networks;

/// <summary>
/// A network of a test's own: places, each a network namespace, and a router that all their packets pass. What it is told to drop is gone
/// without a word, as in a network that fails; nobody is reset.
/// </summary>
internal sealed partial class Network : IAsyncDisposable
{
    private const int Most = 250;
    private const string Gateway = "254";
    private static int _opened;

    private readonly string _name = string.Create(CultureInfo.InvariantCulture, $"agentcluster-{Environment.ProcessId}-{Interlocked.Increment(ref _opened)}");
    private readonly List<string> _namespaces = [];
    private readonly List<string[]> _dropped = [];
    private string _link = "";
    private string _prefix = "";

    private Network()
    {
    }

    /// <summary>All of its addresses.</summary>
    public string Range => _prefix + "0/24";

    /// <summary>Where this machine is reached from the places.</summary>
    public string Machine => _prefix + "1";

    private string Router => _name + "-router";

    /// <summary>Makes one, and takes away what tests that were killed have left.</summary>
    /// <param name="places">How many.</param>
    /// <exception cref="InvalidOperationException">The machine does not let us.</exception>
    public static async Task<Network> OpenAsync(int places)
    {
        await SweepAsync();
        var network = new Network();
        try
        {
            await network.MakeAsync(places);
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>A place's address, to the other places and to this machine.</summary>
    public string AddressOf(int place) => string.Create(CultureInfo.InvariantCulture, $"{_prefix}{11 + place}");

    /// <summary>The name of a place's namespace.</summary>
    public string NamespaceOf(int place) => string.Create(CultureInfo.InvariantCulture, $"{_name}-{place}");

    /// <summary>Drops from now on what one address sends to another.</summary>
    /// <param name="from">Who sends.</param>
    /// <param name="to">Who does not get it.</param>
    /// <param name="of">Which of it, as a routing rule says it; everything if the test does not care.</param>
    public async Task DropAsync(string from, string to, params string[] of)
    {
        string[] rule = ["from", from, "to", to, .. of, "blackhole"];
        await RunAsync(["-n", Router, "rule", "add", .. rule]);
        _dropped.Add(rule);
    }

    /// <summary>Drops nothing any more.</summary>
    public async Task HealAsync()
    {
        foreach (var rule in _dropped)
        {
            await RunAsync(["-n", Router, "rule", "del", .. rule]);
        }

        _dropped.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        if (_link.Length > 0)
        {
            await RunAsync("link", "del", _link);
        }

        foreach (var name in _namespaces)
        {
            await RunAsync("netns", "del", name);
        }
    }

    private async Task MakeAsync(int places)
    {
        await AddAsync(Router);
        await RunAsync("netns", "exec", Router, "/bin/sh", "-c", "echo 1 >/proc/sys/net/ipv4/ip_forward");
        await LinkAsync();
        await RunAsync("addr", "add", Machine + "/32", "dev", _link);
        await RunAsync("link", "set", _link, "up");
        await RouteAsync("machine", Machine);
        await RunAsync("route", "add", _prefix + Gateway + "/32", "dev", _link);
        await RunAsync("route", "add", Range, "via", _prefix + Gateway, "src", Machine);
        for (var place = 0; place < places; place++)
        {
            var (name, link) = (NamespaceOf(place), string.Create(CultureInfo.InvariantCulture, $"place{place}"));
            await AddAsync(name);
            await RunAsync("link", "add", "name", "out", "netns", name, "type", "veth", "peer", "name", link, "netns", Router);
            await RunAsync("-n", name, "addr", "add", AddressOf(place) + "/32", "dev", "out");
            await RunAsync("-n", name, "link", "set", "lo", "up");
            await RunAsync("-n", name, "link", "set", "out", "up");
            await RunAsync("-n", name, "route", "add", _prefix + Gateway + "/32", "dev", "out");
            await RunAsync("-n", name, "route", "add", Range, "via", _prefix + Gateway, "src", AddressOf(place));
            await RouteAsync(link, AddressOf(place));
        }
    }

    private async Task AddAsync(string name)
    {
        await RunAsync("netns", "add", name);
        _namespaces.Add(name);
    }

    /// <summary>The first range that nobody has: the name of the link on this machine is what keeps it.</summary>
    private async Task LinkAsync()
    {
        for (var range = 0; _link.Length == 0; range++)
        {
            var link = string.Create(CultureInfo.InvariantCulture, $"agentcluster{range}");
            var made = await ProgramRun.OfAsync("ip", CancellationToken.None, "link", "add", "name", link, "type", "veth", "peer", "name", "machine", "netns", Router);
            if (made.ExitCode == 0)
            {
                (_link, _prefix) = (link, string.Create(CultureInfo.InvariantCulture, $"10.98.{range}."));
            }
            else if (range == Most)
            {
                throw new InvalidOperationException($"Expected a link into a network namespace, found: {made.Errors}");
            }
        }
    }

    private async Task RouteAsync(string link, string address)
    {
        await RunAsync("-n", Router, "addr", "add", _prefix + Gateway + "/32", "dev", link);
        await RunAsync("-n", Router, "link", "set", link, "up");
        await RunAsync("-n", Router, "route", "add", address + "/32", "dev", link);
    }

    /// <summary>What is left of a run that was killed keeps its namespaces, and the nodes in them.</summary>
    private static async Task SweepAsync()
    {
        foreach (var name in Directory.Exists("/run/netns") ? Directory.GetFiles("/run/netns").Select(path => Path.GetFileName(path)) : [])
        {
            if (Mine().Match(name) is not { Success: true } match || Directory.Exists("/proc/" + match.Groups[1].Value))
            {
                continue;
            }

            var left = await ProgramRun.OfAsync("ip", CancellationToken.None, "netns", "pids", name);
            foreach (var process in left.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                await ProgramRun.OfAsync("/bin/kill", CancellationToken.None, "-KILL", process);
            }

            await RunAsync("netns", "del", name);
        }
    }

    private static async Task RunAsync(params string[] arguments)
    {
        var run = await ProgramRun.OfAsync("ip", CancellationToken.None, arguments);
        if (run.ExitCode != 0)
        {
            throw new InvalidOperationException($"ip {string.Join(' ', arguments)} ended with {run.ExitCode}: {run.Errors}");
        }
    }

    [GeneratedRegex("^agentcluster-([0-9]+)-")]
    private static partial Regex Mine();
}
