using AgentCluster.Domain;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Bridge.Shapes;

/// <summary>What texts must look like, beyond their length.</summary>
internal static class Forms
{
    /// <summary>An id that a caller chooses: of an agent, a project, a role.</summary>
    public static string? Name(string text) =>
        Storable.IsName(text) ? null : $"must be 1 to {Bounds.NameLength} characters, none of them a control character.";

    /// <summary>An id that is minted here.</summary>
    public static string? Id(string text) =>
        Ulid.IsValid(text) ? null : $"must be a ULID of {Ulid.Length} upper-case characters; found '{Faults.Shown(text)}'.";

    /// <summary>A priority.</summary>
    public static string? Urgency(string text) =>
        Priorities.TryParse(text, out _) ? null : $"must be P0 to P4; found '{Faults.Shown(text)}'.";

    /// <summary>A status, in either form of the word.</summary>
    public static string? Status(string text) => WorkStatuses.TryParse(text, out _)
        ? null
        : $"must be a status such as pending, running or COMPLETED; found '{Faults.Shown(text)}'.";
}
