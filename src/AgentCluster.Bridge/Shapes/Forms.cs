using AgentCluster.Domain;
using AgentCluster.Domain.Tasks;

namespace AgentCluster.Bridge.Shapes;

/// <summary>What a text must look like, beyond its length.</summary>
/// <param name="Wrong">Says what is wrong with a text, as the end of a sentence that starts with the field's name; null when it is right.</param>
/// <param name="Longest">Characters at most.</param>
/// <param name="Pattern">The same as a regular expression of ECMA-262, for those who read the description.</param>
internal sealed record TextForm(Func<string, string?> Wrong, int Longest, string Pattern);

/// <summary>The forms of texts.</summary>
internal static class Forms
{
    private const int LongestActor = 200;
    private const int LongestUrgency = 24;
    private const int LongestStatus = 32;

    /// <summary>An id that a caller chooses: of an agent, a project, a role.</summary>
    public static TextForm Name { get; } = new(
        text => Storable.IsName(text) ? null : $"must be 1 to {Bounds.NameLength} characters, none of them a control character.",
        Bounds.NameLength,
        @"^[^\u0000-\u001f\u007f-\u009f]+$");

    /// <summary>An id that is minted here.</summary>
    public static TextForm Id { get; } = new(
        text => Ulid.IsValid(text) ? null : $"must be a ULID of {Ulid.Length} upper-case characters; found '{Faults.Shown(text)}'.",
        Ulid.Length,
        "^[0-7][0-9A-HJKMNP-TV-Z]{25}$");

    /// <summary>A priority.</summary>
    public static TextForm Urgency { get; } = new(
        text => Priorities.TryParse(text, out _) ? null : $"must be P0 to P4; found '{Faults.Shown(text)}'.",
        LongestUrgency,
        "^P[0-4](-[A-Z]{1,19})?$");

    /// <summary>A status, in either form of the word.</summary>
    public static TextForm Status { get; } = new(
        text => WorkStatuses.TryParse(text, out _) ? null : $"must be a status such as pending, running or COMPLETED; found '{Faults.Shown(text)}'.",
        LongestStatus,
        "^(" + string.Join('|', Enum.GetValues<WorkStatus>().SelectMany(status => (string[])[status.Word(), status.Display()])) + ")$");

    /// <summary>What is said to an agent: of control characters only line breaks and tabs.</summary>
    public static TextForm Prose { get; } = new(
        text => Storable.IsProse(text) ? null : "must hold no control characters but line breaks and tabs.",
        Bounds.TextLength,
        @"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]+$");

    /// <summary>What is said in a line: no control characters.</summary>
    public static TextForm Line { get; } = new(
        text => text.Any(char.IsControl) ? "must hold no control characters." : null,
        Bounds.TitleLength,
        @"^[^\u0000-\u001f\u007f-\u009f]*$");

    /// <summary>The name of an actor.</summary>
    public static TextForm Actor { get; } = new(
        text => Storable.IsText(text) && text.Length is >= 1 and <= LongestActor ? null : $"must be Unicode text of 1 to {LongestActor} characters.",
        LongestActor,
        @"^[^\u0000]+$");
}
