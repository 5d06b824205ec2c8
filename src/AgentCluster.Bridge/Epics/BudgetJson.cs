using System.Text.Json;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;
using AgentCluster.Domain.Epics;

namespace AgentCluster.Bridge.Epics;

/// <summary>Budgets, in requests and in answers.</summary>
internal sealed class BudgetJson
{
    /// <summary>What a request may hold; a bound that is left out is none.</summary>
    public static Shape<BudgetJson> Shape { get; } = new Shape<BudgetJson>()
        .Whole("tokens", 0, Bounds.CostAmount, (request, value) => request.Budget = request.Budget with { Tokens = value })
        .Amount("usd", Bounds.CostAmount, (request, value) => request.Budget = request.Budget with { Usd = value });

    /// <summary>What is written.</summary>
    public static ObjectSchema Written { get; } = Is.Object("Budget")
        .With("tokens", Is.Count with { OrNull = true })
        .With("usd", Is.Amount with { OrNull = true });

    /// <summary>The budget that was read.</summary>
    public Budget Budget { get; private set; } = new();

    /// <summary>Writes a budget, or null.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="budget">What to write.</param>
    public static void Write(Utf8JsonWriter json, Budget? budget)
    {
        if (budget is null)
        {
            json.WriteNull("budget"u8);
            return;
        }

        json.WriteStartObject("budget"u8);
        if (budget.Tokens is { } tokens)
        {
            json.WriteNumber("tokens"u8, tokens);
        }
        else
        {
            json.WriteNull("tokens"u8);
        }

        if (budget.Usd is { } usd)
        {
            json.WriteNumber("usd"u8, usd);
        }
        else
        {
            json.WriteNull("usd"u8);
        }

        json.WriteEndObject();
    }
}
