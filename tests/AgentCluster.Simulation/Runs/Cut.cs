using AgentCluster.Runtime;
using AgentCluster.TestKit.Simulation;

namespace AgentCluster.Simulation.Runs;

/// <summary>What is taken off the plan that a seed draws, so that a failure is seen with less around it. Counts only ever fall.</summary>
internal sealed record Cut
{
    public static Cut Nothing { get; } = new();

    public IReadOnlyList<Fault> Faults { get; init; } = [];

    public IReadOnlyList<Feature> Features { get; init; } = [];

    public int Agents { get; init; } = int.MaxValue;

    public int Tasks { get; init; } = int.MaxValue;

    public int Projects { get; init; } = int.MaxValue;

    public int Shards { get; init; } = int.MaxValue;

    public int Lanes { get; init; } = int.MaxValue;

    public int Nodes { get; init; } = int.MaxValue;

    /// <summary>Seconds after which faults stop and everybody finishes.</summary>
    public int Until { get; init; } = int.MaxValue;

    public Plan Of(Plan drawn) => drawn with
    {
        Faults = drawn.Faults.Without(Faults),
        Features = drawn.Features.Except(Features).ToHashSet(),
        Agents = Math.Min(drawn.Agents, Agents),
        Tasks = Math.Min(drawn.Tasks, Tasks),
        Projects = Math.Min(drawn.Projects, Projects),
        Hostile = TimeSpan.FromSeconds(Math.Min(drawn.Hostile.TotalSeconds, Until)),
        Node = Smaller(drawn.Node),
        Nodes = [.. drawn.Nodes.Take(Nodes)],
    };

    /// <summary>As the command line says it, with a space in front; empty when nothing is taken off.</summary>
    public override string ToString()
    {
        string[] without = [.. Faults.Select(fault => $"{fault}"), .. Features.Select(feature => $"{feature}")];
        return (without.Length > 0 ? $" --without {string.Join(',', without)}".ToLowerInvariant() : "")
            + Text("agents", Agents) + Text("tasks", Tasks) + Text("projects", Projects) + Text("shards", Shards)
            + Text("lanes", Lanes) + Text("nodes", Nodes) + Text("until", Until);
    }

    private static string Text(string name, int limit) => limit < int.MaxValue ? $" --{name} {limit}" : "";

    private NodeOptions Smaller(NodeOptions drawn) =>
        drawn with { Shards = Math.Min(drawn.Shards, Shards), Lanes = Math.Min(drawn.Lanes, Lanes) };
}
