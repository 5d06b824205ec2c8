using AgentCluster.Domain.Tasks;

namespace AgentCluster.Domain.Epics;

/// <summary>What the work on an epic may cost. Where one of the two is spent, nobody is granted a claim under it; work that runs goes on.</summary>
/// <param name="Tokens">Tokens of language models, 0 to <see cref="Bounds.CostAmount"/>; null: no bound.</param>
/// <param name="Usd">US dollars, 0 to <see cref="Bounds.CostAmount"/>; null: no bound.</param>
public sealed record Budget(long? Tokens = null, decimal? Usd = null)
{
    /// <summary>Whether nothing is left: at the bound it is spent, so a bound of 0 stops new claims from the start.</summary>
    /// <param name="cost">What was spent so far.</param>
    public bool IsSpentBy(Cost cost) => cost.ActualTokens >= Tokens || cost.ActualUsd >= Usd;

    internal static void Validate(Budget? budget, Validation validation) => validation
        .Range("budget.tokens", budget?.Tokens ?? 0, 0, Bounds.CostAmount)
        .Require(
            budget?.Usd is null or (>= 0 and <= Bounds.CostAmount),
            "budget.usd",
            $"Expected 0 to {Bounds.CostAmount}, found {budget?.Usd}.");
}
