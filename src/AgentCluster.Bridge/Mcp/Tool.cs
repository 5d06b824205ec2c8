using System.Text.Json;

namespace AgentCluster.Bridge.Mcp;

/// <summary>What a tool does to the world, for clients that ask people first.</summary>
internal enum ToolEffect
{
    /// <summary>Nothing.</summary>
    Reads,

    /// <summary>It adds or moves on.</summary>
    Writes,

    /// <summary>It ends what cannot be taken up again.</summary>
    Ends,
}

/// <summary>One tool: a name for models, over operations that HTTP offers too.</summary>
/// <param name="Name">snake_case.</param>
/// <param name="Title">For people.</param>
/// <param name="Description">For models: what it is for, when not to use it, and what to do next.</param>
/// <param name="Effect">What it does to the world.</param>
/// <param name="Uses">The first whose condition holds is asked.</param>
internal sealed record Tool(string Name, string Title, string Description, ToolEffect Effect, params IReadOnlyList<Use> Uses)
{
    /// <summary>Fields of the tool itself, which no operation sees.</summary>
    public IReadOnlyList<ToolField> Own { get; init; } = [];
}

/// <summary>How an operation is asked by a tool.</summary>
/// <param name="Operation">Its name.</param>
/// <param name="Subject">The argument that stands in the path of its route; null where the path has no variable.</param>
internal sealed record Use(string Operation, string? Subject = null)
{
    /// <summary>The field of its request that names who acts, where that is not <c>agent</c>.</summary>
    public string? Agent { get; init; }

    /// <summary>The field of its request that takes who acts as one of several; null for none.</summary>
    public string? Watcher { get; init; }

    /// <summary>The argument that must be there, so that this one is meant; null for any.</summary>
    public string? When { get; init; }

    /// <summary>The text that argument must be; null for any.</summary>
    public string? Is { get; init; }

    /// <summary>Whether it is meant by what was said.</summary>
    /// <param name="arguments">As they came.</param>
    public bool IsMeant(IDictionary<string, JsonElement> arguments) => When is null
        || (arguments.TryGetValue(When, out var said) && (Is is null || (said.ValueKind == JsonValueKind.String && said.ValueEquals(Is))));
}

/// <summary>An argument of a tool that is not a field of an operation.</summary>
/// <param name="Name">snake_case.</param>
/// <param name="Schema">A JSON schema.</param>
internal sealed record ToolField(string Name, string Schema);
