using AgentCluster.Runtime.Ports;

namespace AgentCluster.TestKit.Simulation;

/// <summary>
/// What lies between nodes: each message takes its time, a direction between two nodes may be cut, and connections break, before what
/// they carry has arrived or after. As on a real one, whoever asks learns that a question never left, or that no answer will come.
/// </summary>
/// <param name="world">Where it is.</param>
/// <param name="random">Its chance.</param>
public sealed class SimulatedNetwork(World world, SeededRandom random)
{
    private readonly Dictionary<string, (SimulatedProcess Process, IService Service)> _listening = new(StringComparer.Ordinal);
    private readonly HashSet<(string From, string To)> _cut = [];

    /// <summary>How long a node may say nothing before what waits for it is lost.</summary>
    public static TimeSpan SilentAfter { get; } = TimeSpan.FromSeconds(3);

    /// <summary>Once in how many questions the connection breaks under it; 0 for never.</summary>
    public int BreaksOncePer { get; init; }

    /// <summary>Once in how many messages one takes seconds, is lost where it may be, or comes twice where it may; 0 for never.</summary>
    public int StraysOncePer { get; init; }

    /// <summary>Whether anything goes wrong by itself.</summary>
    public bool IsHostile { get; set; } = true;

    /// <summary>The longest of most legs.</summary>
    public TimeSpan LongestLeg { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Called with a word for each thing that happened, so that a run can tell what it has reached.</summary>
    public Action<string>? Reached { get; init; }

    /// <summary>Lets nothing more through from one node to another.</summary>
    public void Cut(string from, string to) => _cut.Add((from, to));

    /// <summary>Lets everything through.</summary>
    public void Mend() => _cut.Clear();

    /// <summary>Cuts a direction between two nodes now and then, for a while.</summary>
    /// <param name="nodes">Their names.</param>
    /// <param name="until">When it stops, with everything mended.</param>
    public async Task HappenAsync(IReadOnlyList<string> nodes, TimeSpan until)
    {
        while (world.Clock.Elapsed < until)
        {
            await world.Pass(TimeSpan.FromSeconds(1 + (15 * random.NextDouble())));
            var (one, other) = (nodes[random.Next(nodes.Count)], nodes[random.Next(nodes.Count)]);
            Cut(one, other);
            if (random.Once(2))
            {
                Cut(other, one);
            }

            await world.Pass(TimeSpan.FromSeconds(10 * random.NextDouble()));
            Mend();
        }

        IsHostile = false;
    }

    internal void Listen(string address, SimulatedProcess process, IService service) => _listening[address] = (process, service);

    /// <summary>A node that takes part.</summary>
    internal (SimulatedProcess Process, IService Service)? Find(Peer to) =>
        _listening.TryGetValue(to.Address, out var found) && !found.Process.IsDead && found.Service.Incarnation == to.Incarnation
            ? found
            : null;

    internal bool IsParted(string one, string other) => IsCut(one, other) || IsCut(other, one);

    internal bool IsCut(string from, string to) => _cut.Contains((from, to));

    internal Task LegAsync() => world.Pass(Strays()
        ? TimeSpan.FromSeconds(5 * random.NextDouble())
        : TimeSpan.FromMilliseconds(0.1) + (LongestLeg * random.NextDouble()));

    /// <summary>What was sent into a cut is sent again until somebody gives up.</summary>
    internal async Task<bool> PassesAsync(string from, string to)
    {
        for (var waited = TimeSpan.Zero; IsCut(from, to); waited += SilentAfter / 10)
        {
            if (waited >= SilentAfter)
            {
                return false;
            }

            await world.Pass(SilentAfter / 10);
        }

        return true;
    }

    internal Task SilenceAsync() => world.Pass(SilentAfter);

    internal bool Breaks() => IsHostile && BreaksOncePer > 0 && random.Once(BreaksOncePer);

    internal bool Strays() => IsHostile && StraysOncePer > 0 && random.Once(StraysOncePer);

    internal Task Start(Func<Task> activity) => world.Start(activity);
}
