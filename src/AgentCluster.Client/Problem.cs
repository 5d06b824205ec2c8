using System.Text.Json;

namespace AgentCluster.Client;

/// <summary>Why a node refused: what was expected, what was found, and what belongs to it.</summary>
/// <param name="Status">HTTP's, 300 to 599.</param>
/// <param name="Code">Stable: <c>already_claimed</c>, <c>claim_superseded</c>, …; null when whoever answered is no node.</param>
/// <param name="Detail">For people; null when whoever answered is no node.</param>
/// <param name="Json">All of it, with the fields that the code has; of any kind.</param>
public sealed record Problem(int Status, string? Code, string? Detail, JsonElement Json)
{
    /// <summary>Whether what was asked may have been done nevertheless.</summary>
    public bool IsUnknown => Json.ValueKind == JsonValueKind.Object
        && Json.TryGetProperty("outcome", out var outcome) && outcome.ValueKind == JsonValueKind.String && outcome.ValueEquals("unknown");

    /// <summary>All of it in a line, for people.</summary>
    public string Words => Code is null || Detail is null ? FormattableString.Invariant($"The node answered {Status}.") : $"{Code}: {Detail}";

    internal static Problem Of(int status, JsonElement json) => new(status, Text(json, "code"), Text(json, "detail"), json);

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
