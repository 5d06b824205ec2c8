namespace AgentCluster.Node.Hocon;

/// <summary>What a path leads to.</summary>
/// <param name="Value">Settled; null when there is none.</param>
/// <param name="IsBlocked">Whether something that is no object stands on the way, so that what lies below it does not count either.</param>
internal readonly record struct Found(HoconValue? Value, bool IsBlocked = false);

/// <summary>Lays values over each other from the top down: objects merge, anything else hides what is below.</summary>
internal struct Overlay
{
    /// <summary>What is seen so far; null before the first.</summary>
    public HoconValue? Seen { get; private set; }

    /// <summary>Lays a value below what was seen.</summary>
    /// <param name="below">Settled; null for nothing.</param>
    /// <returns>Whether what lies still further below can be seen.</returns>
    public bool Lay(HoconValue? below)
    {
        if (below is HoconObject lower && Seen is null or HoconObject)
        {
            Seen = Seen is HoconObject upper ? Merged(lower, upper) : lower;
            return true;
        }

        Seen ??= below;
        return Seen is null;
    }

    // Settled values are shared, so neither is changed.
    private static HoconObject Merged(HoconObject lower, HoconObject upper)
    {
        var merged = new HoconObject(upper.Origin);
        foreach (var (name, field) in lower.Fields)
        {
            merged.Set(name, field.Layers[0]);
        }

        foreach (var (name, field) in upper.Fields)
        {
            var value = field.Layers[0];
            merged.Set(
                name,
                value is HoconObject over && merged.Fields.TryGetValue(name, out var under) && under.Layers[0] is HoconObject beneath
                    ? Merged(beneath, over)
                    : value);
        }

        return merged;
    }
}
