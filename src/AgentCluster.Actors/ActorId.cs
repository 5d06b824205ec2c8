namespace AgentCluster.Actors;

/// <summary>The address of one actor: its kind, and its name within that kind.</summary>
/// <param name="Kind">For example <c>registry</c>; lower case, no slash.</param>
/// <param name="Name">For example <c>project-7</c>; 1 to 200 characters.</param>
public readonly record struct ActorId(string Kind, string Name)
{
    /// <summary>As it is shown, logged and stored: <c>kind/name</c>.</summary>
    public override string ToString() => $"{Kind}/{Name}";

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <param name="text">A kind, a slash, a name; the name may hold slashes.</param>
    /// <exception cref="FormatException">There is no slash.</exception>
    public static ActorId Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        return slash > 0
            ? new(text[..slash], text[(slash + 1)..])
            : throw new FormatException($"Expected kind/name, found '{text}'.");
    }
}
