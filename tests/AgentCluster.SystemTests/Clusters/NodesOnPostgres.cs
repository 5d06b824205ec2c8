using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using AgentCluster.SystemTests.Nodes;
using AgentCluster.Tests.Storage.Postgres;

namespace AgentCluster.SystemTests.Clusters;

/// <summary>Nodes, processes each, that share a database.</summary>
internal sealed class NodesOnPostgres(string database, int count, TimeSpan lease, string[] settings) : IAsyncDisposable
{
    private const int Shards = 256;

    private readonly NodeProcess?[] _nodes = new NodeProcess?[count];
    private readonly Uri?[] _last = new Uri?[count];
    private readonly HttpClient _asking = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(10) };
    private readonly DataFolder _nowhere = new();

    /// <summary>Three of them, on a database of their own.</summary>
    public static async Task<NodesOnPostgres> StartAsync(TimeSpan lease, CancellationToken cancellationToken) =>
        await StartAsync(await PostgresServer.DatabaseAsync(cancellationToken), 3, lease, cancellationToken);

    public static async Task<NodesOnPostgres> StartAsync(
        string database, int count, TimeSpan lease, CancellationToken cancellationToken, params string[] settings)
    {
        var nodes = new NodesOnPostgres(database, count, lease, settings);
        for (var number = 0; number < nodes._nodes.Length; number++)
        {
            await nodes.StartAsync(number, cancellationToken);
        }

        return nodes;
    }

    /// <summary>Where a node was reached last, also while it does not run.</summary>
    public Uri At(int number) => _nodes[number]?.Address ?? _last[number]!;

    /// <summary>What is set on one node and not on the others.</summary>
    public Func<int, string[]> Of { get; init; } = _ => [];

    /// <summary>Where a node listens; anywhere on loopback if the test does not care.</summary>
    public Func<int, string> PlaceOf { get; init; } = _ => NodeProcess.Place();

    /// <summary>What a node is started through.</summary>
    public Func<int, string[]> Through { get; init; } = _ => [];

    public NodeProcess this[int number] => _nodes[number]!;

    /// <summary>Starts a node that does not run, at an address of its own.</summary>
    public async Task StartAsync(int number, CancellationToken cancellationToken) => _nodes[number] = await NodeProcess.StartAsync(
        _nowhere.Path,
        cancellationToken,
        PlaceOf(number),
        through: Through(number),
        settings:
        [
            $"agentcluster.store.postgres={database}",
            "agentcluster.cluster.secret=the same on every node of this test",
            string.Create(CultureInfo.InvariantCulture, $"agentcluster.cluster.lease={lease.TotalSeconds} s"),
            .. settings,
            .. Of(number),
        ]);

    /// <summary>Kills a node, and forgets it.</summary>
    public async Task KillAsync(int number)
    {
        await _nodes[number]!.DisposeAsync();
        _last[number] = _nodes[number]!.Address;
        _nodes[number] = null;
    }

    /// <summary>SIGSTOP or SIGCONT.</summary>
    public async Task SignalAsync(int number, string signal, CancellationToken cancellationToken)
    {
        using var kill = Process.Start("/bin/kill", [signal, this[number].Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(cancellationToken);
    }

    /// <summary>Who answers for a project and has its actor in memory; waits until somebody does.</summary>
    /// <param name="project">Whose registry.</param>
    /// <param name="among">Those that run.</param>
    /// <param name="cancellationToken">The test's deadline.</param>
    public async Task<int> OwnerAsync(string project, IReadOnlyList<int> among, CancellationToken cancellationToken)
    {
        while (true)
        {
            foreach (var number in among)
            {
                using var answer = await _asking.GetAsync(new Uri(this[number].Address, $"/api/v1/tasks/available/?project={project}"), cancellationToken);
                using var actor = answer.StatusCode != HttpStatusCode.OK ? null
                    : await AskAsync(number, $"/api/v1/cluster/actors/registry/{project}/", cancellationToken);
                if (actor is { StatusCode: HttpStatusCode.OK })
                {
                    return number;
                }
            }

            await Pause.ForAMomentAsync(cancellationToken);
        }
    }

    /// <summary>The same, for a worker that stops for it.</summary>
    /// <inheritdoc cref="OwnerAsync"/>
    public int OwnerNow(string project, IReadOnlyList<int> among, CancellationToken cancellationToken) =>
        OwnerAsync(project, among, cancellationToken).GetAwaiter().GetResult();

    /// <summary>Waits until every member has its share, as a node sees it: one that has just come is handed it a while after it is ready.</summary>
    /// <param name="number">The node that is asked.</param>
    /// <param name="members">How many there are.</param>
    /// <param name="cancellationToken">The test's deadline.</param>
    public async Task SharedAsync(int number, int members, CancellationToken cancellationToken)
    {
        while (true)
        {
            using var answer = await AskAsync(number, "/api/v1/cluster/members/", cancellationToken);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
            List<int> shares = [.. json.RootElement.GetProperty("items").EnumerateArray().Select(member => member.GetProperty("shards").GetInt32())];
            if (shares.Count == members && !shares.Contains(0) && shares.Sum() == Shards)
            {
                return;
            }

            await Pause.ForAMomentAsync(cancellationToken);
        }
    }

    /// <summary>What a node answers by itself.</summary>
    public Task<HttpResponseMessage> AskAsync(int number, string path, CancellationToken cancellationToken) =>
        _asking.GetAsync(new Uri(this[number].Address, path), cancellationToken);

    /// <summary>A figure that a node shows to operators; 0 while it has none.</summary>
    public async Task<double> MetricAsync(int number, string name, CancellationToken cancellationToken)
    {
        var text = await _asking.GetStringAsync(new Uri(this[number].Address, "/metrics"), cancellationToken);
        var line = text.Split('\n').FirstOrDefault(line => line.StartsWith(name + " ", StringComparison.Ordinal));
        return line is null ? 0 : double.Parse(line.AsSpan(name.Length), CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            if (node is not null)
            {
                await node.DisposeAsync();
            }
        }

        _asking.Dispose();
        _nowhere.Dispose();
    }
}
