namespace AgentCluster.Node.Hocon;

/// <summary>
/// All that was said of one field, the latest last. What cannot matter any more is dropped at once; what may, because a
/// substitution above it may look back at it or become an object that merges with it, stays until everything is read.
/// </summary>
internal sealed class HoconField
{
    private readonly List<HoconValue> _layers = [];

    public IReadOnlyList<HoconValue> Layers => _layers;

    public bool IsSettled => _layers is [{ IsSettled: true }];

    /// <summary>Puts a value over what was said before.</summary>
    public void Add(HoconValue value)
    {
        if (value is HoconObject later && _layers is [.., HoconObject top])
        {
            top.Merge(later);
            return;
        }

        if (value.IsSettled && (value is not HoconObject || _layers is [.., { IsSettled: true }]))
        {
            _layers.Clear();
        }

        _layers.Add(value);
    }
}
