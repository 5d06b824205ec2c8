using System.Text.Json.Serialization;

namespace AgentCluster.Domain.ResourcePool;

/// <summary>A resource of which there is a certain amount, to be shared by all agents.</summary>
/// <param name="Name">For example <c>memory</c>; see <see cref="Storable.IsName"/>.</param>
/// <param name="Total">How much there is; 0 to <see cref="Amount.Most"/>.</param>
/// <param name="Unit">What it is counted in, for people; a line of at most <see cref="MostUnit"/> characters.</param>
public sealed record Pool(string Name, decimal Total, string Unit)
{
    /// <summary>Pools at most.</summary>
    public const int Most = 100;

    /// <summary>Characters of a unit.</summary>
    public const int MostUnit = 32;

    /// <summary>The unit where nobody said one.</summary>
    public const string PlainUnit = "units";

    /// <summary>What a cluster has until somebody says otherwise.</summary>
    public static ValueList<Pool> Defaults { get; } =
    [
        new("cpu", 100, "cores"),
        new("git_worktrees", 20, "instances"),
        new("memory", 64, "GB"),
        new("network", 1_000, "Mbps"),
        new("storage", 1_000, "GB"),
    ];
}

/// <summary>A pool, and how much of it is given away.</summary>
/// <param name="Pool">The pool.</param>
/// <param name="Allocated">More than there is where the pool was made smaller meanwhile.</param>
public sealed record PoolView(Pool Pool, decimal Allocated)
{
    /// <summary>How much can still be given.</summary>
    [JsonIgnore]
    public decimal Available => Math.Max(0, Pool.Total - Allocated);
}

/// <summary>So much of one resource.</summary>
/// <param name="Resource">The pool's name.</param>
/// <param name="Value">At least 0, at most <see cref="Most"/>, with at most three decimals.</param>
public readonly record struct Amount(string Resource, decimal Value)
{
    /// <summary>The largest one.</summary>
    public const decimal Most = 1_000_000_000;

    /// <summary>Whether a number has no more decimals than an amount may have.</summary>
    /// <param name="value">Any.</param>
    public static bool IsExact(decimal value) => decimal.Round(value, 3) == value;
}

/// <summary>Looks amounts up.</summary>
internal static class Amounts
{
    /// <summary>How much of a resource is among them; null when it is not named.</summary>
    public static decimal? Of(this ValueList<Amount> amounts, string resource)
    {
        foreach (var amount in amounts)
        {
            if (amount.Resource == resource)
            {
                return amount.Value;
            }
        }

        return null;
    }
}
