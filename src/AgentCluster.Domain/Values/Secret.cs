using System.Diagnostics;

namespace AgentCluster.Domain;

/// <summary>
/// A text that must not be seen: a key, a handle, a password. It shows itself as stars wherever it is formatted, and has
/// no property that a serializer or a logger would find; only <see cref="Reveal"/> gives it, and is easy to search for.
/// </summary>
/// <param name="text">As it was presented, read or made.</param>
[DebuggerDisplay("***")]
public sealed class Secret(string text) : IEquatable<Secret>
{
    private readonly string _text = text;

    /// <summary>The text, for the one place that compares it or hands it to its owner.</summary>
    public string Reveal() => _text;

    /// <inheritdoc/>
    public override string ToString() => "***";

    /// <summary>Whether both hide the same; for tests and settings, not for what strangers present: it takes less time the sooner they differ.</summary>
    /// <param name="other">Another.</param>
    public bool Equals(Secret? other) => other is not null && _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);
}
