using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Tasks;

/// <summary>What work has cost so far. Reports are added up.</summary>
public sealed record Cost
{
    /// <summary>Nothing yet.</summary>
    public static Cost None { get; } = new();

    /// <summary>Tokens of language models.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long ActualTokens { get; init; }

    /// <summary>US dollars.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public decimal ActualUsd { get; init; }

    /// <summary>Milliseconds of work.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long DurationMs { get; init; }

    /// <summary>Calls of language models.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long LlmCalls { get; init; }

    /// <summary>Calls of tools.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long ToolInvocations { get; init; }

    /// <summary>Both together.</summary>
    /// <param name="more">What is added; null adds nothing.</param>
    public Cost Plus(Cost? more) => more is null
        ? this
        : new()
        {
            ActualTokens = ActualTokens + more.ActualTokens,
            ActualUsd = ActualUsd + more.ActualUsd,
            DurationMs = DurationMs + more.DurationMs,
            LlmCalls = LlmCalls + more.LlmCalls,
            ToolInvocations = ToolInvocations + more.ToolInvocations,
        };

    /// <summary>Takes back what was added.</summary>
    /// <param name="less">Added before.</param>
    public Cost Minus(Cost less) => ReferenceEquals(less, None)
        ? this
        : new()
        {
            ActualTokens = ActualTokens - less.ActualTokens,
            ActualUsd = ActualUsd - less.ActualUsd,
            DurationMs = DurationMs - less.DurationMs,
            LlmCalls = LlmCalls - less.LlmCalls,
            ToolInvocations = ToolInvocations - less.ToolInvocations,
        };

    /// <summary>What one of many has cost on average, rounded: tokens, times and calls to whole ones, dollars to millionths.</summary>
    /// <param name="count">How many; none costs nothing.</param>
    public Cost Per(int count) => count <= 0
        ? None
        : new()
        {
            ActualTokens = Share(ActualTokens, count),
            ActualUsd = decimal.Round(ActualUsd / count, 6),
            DurationMs = Share(DurationMs, count),
            LlmCalls = Share(LlmCalls, count),
            ToolInvocations = Share(ToolInvocations, count),
        };

    /// <summary>What is wrong with a report: each amount is 0 to <see cref="Bounds.CostAmount"/>.</summary>
    /// <param name="cost">As it came; null is fine.</param>
    public static ValueList<FieldError> Validate(Cost? cost) => cost is null
        ? []
        : new Validation()
            .Range("cost.actual_tokens", cost.ActualTokens, 0, Bounds.CostAmount)
            .Require(
                cost.ActualUsd is >= 0 and <= Bounds.CostAmount,
                "cost.actual_usd",
                $"Expected 0 to {Bounds.CostAmount}, found {cost.ActualUsd}.")
            .Range("cost.duration_ms", cost.DurationMs, 0, Bounds.CostAmount)
            .Range("cost.llm_calls", cost.LlmCalls, 0, Bounds.CostAmount)
            .Range("cost.tool_invocations", cost.ToolInvocations, 0, Bounds.CostAmount)
            .Errors;

    private static long Share(long amount, int count) => (long)decimal.Round((decimal)amount / count);
}
