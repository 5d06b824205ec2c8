using System.Globalization;
using System.Text.Json;
using AgentCluster.SystemTests.Clusters;
using AgentCluster.SystemTests.Nodes;
using AgentCluster.Tests.Storage.Postgres;
using Npgsql;

namespace AgentCluster.SystemTests.Networks;

/// <summary>
/// Three nodes on one database, each at a place of its own: what they say to each other and to the database passes a network that can be
/// taken apart. Callers reach each node whatever becomes of it.
/// </summary>
internal sealed class ApartNodes : IAsyncDisposable
{
    public const int Count = 3;
    private const int ClusterPort = 5090;

    private readonly Network _network;
    private readonly Door[] _doors;
    private readonly DataFolder _certificates = new();
    private PostgresProcess? _server;
    private NodesOnPostgres? _nodes;

    private ApartNodes(Network network)
    {
        _network = network;
        _doors = [.. Enumerable.Range(0, Count).Select(number => new Door(network.NamespaceOf(number)))];
    }

    public NodesOnPostgres Nodes => _nodes!;

    /// <summary>Every node has its share when it returns.</summary>
    public static async Task<ApartNodes> StartAsync(TimeSpan lease, CancellationToken cancellationToken)
    {
        var apart = new ApartNodes(await Network.OpenAsync(Count));
        try
        {
            await apart.BeginAsync(lease, cancellationToken);
            return apart;
        }
        catch
        {
            await apart.DisposeAsync();
            throw;
        }
    }

    /// <summary>What one node sends to another is lost from now on.</summary>
    public Task LoseAsync(int from, int to) => _network.DropAsync(_network.AddressOf(from), _network.AddressOf(to));

    /// <summary>What a node sends to the database is lost from now on.</summary>
    public Task LoseToDatabaseAsync(int from) => _network.DropAsync(_network.AddressOf(from), _network.Machine);

    /// <summary>What the database sends to a node is lost from now on.</summary>
    public Task LoseFromDatabaseAsync(int to) => _network.DropAsync(_network.Machine, _network.AddressOf(to));

    /// <summary>The connections by which a node renews its lease are dead from now on, and nobody is told; new ones are made as before.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> LoseRenewalsAsync(int node, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(_server!.Address("apart") + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var ports = new NpgsqlCommand(
            "SELECT client_port::text, inet_server_port()::text FROM pg_stat_activity WHERE application_name = 'agentcluster leases' AND host(client_addr) = $1", connection)
        {
            Parameters = { new() { Value = _network.AddressOf(node) } },
        };
        await using var found = await ports.ExecuteReaderAsync(cancellationToken);
        var count = 0;
        for (; await found.ReadAsync(cancellationToken); count++)
        {
            var (client, server) = (found.GetString(0), found.GetString(1));
            await _network.DropAsync(_network.AddressOf(node), _network.Machine, "ipproto", "tcp", "sport", client, "dport", server);
            await _network.DropAsync(_network.Machine, _network.AddressOf(node), "ipproto", "tcp", "sport", server, "dport", client);
        }

        return count;
    }

    /// <summary>Nothing is lost any more.</summary>
    public Task HealAsync() => _network.HealAsync();

    /// <summary>Names of projects that a node owns; none of them is touched by anybody else.</summary>
    /// <param name="node">The owner.</param>
    /// <param name="count">How many.</param>
    /// <param name="cancellationToken">The test's deadline.</param>
    public async Task<IReadOnlyList<string>> ProjectsOfAsync(int node, int count, CancellationToken cancellationToken)
    {
        List<string> found = [];
        for (var number = 0; found.Count < count; number++)
        {
            var project = string.Create(CultureInfo.InvariantCulture, $"apart-{node}-{number}");
            if (await Nodes.OwnerAsync(project, [0, 1, 2], cancellationToken) == node)
            {
                found.Add(project);
            }
        }

        return found;
    }

    /// <summary>Who takes part, as a node sees it.</summary>
    public async Task<IReadOnlyList<string>> MembersAsync(int number, CancellationToken cancellationToken)
    {
        using var answer = await Nodes.AskAsync(number, "/api/v1/cluster/members/", cancellationToken);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
        return [.. json.RootElement.GetProperty("items").EnumerateArray().Select(member => $"{member.GetProperty("id").GetString()} {member.GetProperty("status").GetString()}").Order(StringComparer.Ordinal)];
    }

    public async ValueTask DisposeAsync()
    {
        if (_nodes is not null)
        {
            await _nodes.DisposeAsync();
        }

        foreach (var door in _doors)
        {
            await door.DisposeAsync();
        }

        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await _network.DisposeAsync();
        _certificates.Dispose();
    }

    private async Task BeginAsync(TimeSpan lease, CancellationToken cancellationToken)
    {
        string[] addresses = [.. Enumerable.Range(0, Count).Select(_network.AddressOf)];
        var made = await ProgramRun.OfAsync(BuiltProgram.Pbm, cancellationToken, ["cluster", "init", .. addresses, "--directory", _certificates.Path]);
        Assert.True(made.ExitCode == 0, made.Errors);
        _server = await PostgresProcess.StartAsync($"-c fsync=off -c listen_addresses=127.0.0.1,{_network.Machine}", cancellationToken);
        await _server.AdmitAsync(_network.Range, cancellationToken);
        var database = await _server.DatabaseAsync("apart");
        _nodes = new(database.Replace("127.0.0.1", _network.Machine, StringComparison.Ordinal), Count, lease, [])
        {
            PlaceOf = number => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_doors[number].Port}"),
            Through = number => ["ip", "netns", "exec", _network.NamespaceOf(number)],
            Of = number =>
            [
                $"agentcluster.cluster.host={addresses[number]}",
                string.Create(CultureInfo.InvariantCulture, $"agentcluster.cluster.port={ClusterPort}"),
                $"agentcluster.cluster.tls-authority={Path.Combine(_certificates.Path, "authority.pem")}",
                $"agentcluster.cluster.tls-certificate={Path.Combine(_certificates.Path, addresses[number] + ".pem")}",
            ],
        };
        for (var number = 0; number < Count; number++)
        {
            await _nodes.StartAsync(number, cancellationToken);
        }

        for (var number = 0; number < Count; number++)
        {
            await _nodes.SharedAsync(number, Count, cancellationToken);
        }
    }
}
