namespace AgentCluster.Node.Hocon;

/// <summary>How many values a settled value holds when every shared one is counted wherever it is seen: ten lines of substitutions can stand for billions.</summary>
internal sealed class Sizes
{
    private readonly Dictionary<HoconValue, int> _known = new(ReferenceEqualityComparer.Instance);

    /// <exception cref="HoconException">It holds too many.</exception>
    public HoconValue? Checked(HoconValue? settled)
    {
        if (settled is null or HoconScalar || _known.ContainsKey(settled))
        {
            return settled;
        }

        var size = Inside(settled).Aggregate(1L, (sum, inner) => sum + _known.GetValueOrDefault(inner, 1));
        if (size > HoconBounds.Values)
        {
            throw new HoconException(settled.Origin, $"expected at most {HoconBounds.Values} values, found more once every substitution is replaced.");
        }

        _known[settled] = (int)size;
        return settled;
    }

    private static IEnumerable<HoconValue> Inside(HoconValue settled) => settled switch
    {
        HoconArray array => array.Items,
        HoconObject fields => fields.Fields.Values.Select(field => field.Layers[0]),
        _ => [],
    };
}
