namespace AgentCluster.Node.Hocon;

/// <summary>Makes one value of parts that stand beside each other.</summary>
internal static class Joining
{
    /// <summary>Joins texts, merges objects, or puts arrays behind each other.</summary>
    /// <param name="whole">For the origin.</param>
    /// <param name="parts">Settled; null where an optional substitution led nowhere.</param>
    /// <returns>Null when there is no part left.</returns>
    /// <exception cref="HoconException">They are of kinds that cannot be joined.</exception>
    public static HoconValue? Join(Concatenation whole, IReadOnlyList<HoconValue?> parts)
    {
        var solid = parts.OfType<HoconValue>().Where(part => !IsSpace(part)).ToList();
        return solid switch
        {
            [] => null,
            [HoconObject, ..] => Objects(solid),
            _ when solid.Exists(part => part is HoconArray) => Arrays(whole, solid),
            _ => Texts(whole, parts, solid),
        };
    }

    /// <summary>Whether a part only keeps others apart; between objects and arrays it does not count.</summary>
    public static bool IsSpace(HoconValue part) => part is HoconScalar { Type: ScalarKind.Text } scalar && string.IsNullOrWhiteSpace(scalar.Text);

    private static HoconValue Objects(List<HoconValue> parts)
    {
        var overlay = default(Overlay);
        foreach (var part in Enumerable.Reverse(parts))
        {
            overlay.Lay(part as HoconObject ?? throw Unfit(part, "an object"));
        }

        return overlay.Seen!;
    }

    private static HoconArray Arrays(Concatenation whole, List<HoconValue> parts)
    {
        List<HoconValue> items = [];
        foreach (var part in parts)
        {
            items.AddRange(Conversions.Items(part) ?? throw Unfit(part, "an array"));
            if (items.Count > HoconBounds.Values)
            {
                throw new HoconException(whole.Origin, $"expected at most {HoconBounds.Values} values, found more.");
            }
        }

        return new(items, whole.Origin);
    }

    private static HoconScalar Texts(Concatenation whole, IReadOnlyList<HoconValue?> parts, List<HoconValue> solid)
    {
        if (solid is [HoconScalar only] && parts.Count(part => part is not null) == 1)
        {
            return only;
        }

        var texts = parts.OfType<HoconValue>().Select(part => (part as HoconScalar ?? throw Unfit(part, "a text")).Text).ToList();
        return texts.Sum(text => (long)text.Length) <= HoconBounds.Bytes
            ? new(ScalarKind.Text, string.Concat(texts), whole.Origin)
            : throw new HoconException(whole.Origin, $"expected a text of at most {HoconBounds.Bytes} characters, found more.");
    }

    private static HoconException Unfit(HoconValue part, string wanted) =>
        new(part.Origin, $"expected {wanted} beside what stands before it, found {part.Kind}; texts, arrays and objects do not mix.");
}
