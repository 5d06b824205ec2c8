namespace AgentCluster.Node.Hocon;

/// <summary>A value, and where it was written.</summary>
/// <param name="origin">Where it begins.</param>
internal abstract class HoconValue(Origin origin)
{
    public Origin Origin { get; } = origin;

    /// <summary>Whether it means the same wherever it stands: no substitution is in it, and nothing is left to put together.</summary>
    public abstract bool IsSettled { get; }

    /// <summary>How a message names its kind.</summary>
    public abstract string Kind { get; }
}

internal enum ScalarKind
{
    Text,
    Number,
    Boolean,
    Null,
}

/// <summary>A text, number, boolean or null.</summary>
/// <param name="type">Numbers and booleans are told apart only for showing: where one is wanted, a text of its shape does.</param>
/// <param name="text">As written, without quotes.</param>
/// <param name="origin">Where it begins.</param>
internal sealed class HoconScalar(ScalarKind type, string text, Origin origin) : HoconValue(origin)
{
    public ScalarKind Type { get; } = type;

    public string Text { get; } = text;

    public override bool IsSettled => true;

    public override string Kind => Type == ScalarKind.Null ? "null" : $"'{Text}'";

    /// <summary>An unquoted text as what it looks like.</summary>
    public static HoconScalar Unquoted(string text, Origin origin) => new(
        text switch
        {
            "true" or "false" => ScalarKind.Boolean,
            "null" => ScalarKind.Null,
            _ => Numbers.IsNumber(text) ? ScalarKind.Number : ScalarKind.Text,
        },
        text,
        origin);
}

/// <summary>Values in a row.</summary>
internal sealed class HoconArray(IReadOnlyList<HoconValue> items, Origin origin) : HoconValue(origin)
{
    public IReadOnlyList<HoconValue> Items { get; } = items;

    public override bool IsSettled { get; } = items.All(item => item.IsSettled);

    public override string Kind => "an array";
}

/// <summary>Values under names, in the order in which the names came first.</summary>
internal sealed class HoconObject(Origin origin) : HoconValue(origin)
{
    private readonly OrderedDictionary<string, HoconField> _fields = [];

    public IReadOnlyDictionary<string, HoconField> Fields => _fields;

    public override bool IsSettled => _fields.Values.All(one => one.IsSettled);

    public override string Kind => "an object";

    /// <summary>Puts a value over what was said before at a path, and objects on the way to it.</summary>
    /// <param name="path">One element at least.</param>
    /// <param name="value">Not used elsewhere.</param>
    public void Put(ReadOnlySpan<string> path, HoconValue value)
    {
        var target = this;
        foreach (var element in path[..^1])
        {
            var field = target.Field(element);
            field.Add(new HoconObject(value.Origin));

            // A field that was an object already keeps that one.
            target = (HoconObject)field.Layers[^1];
        }

        target.Field(path[^1]).Add(value);
    }

    /// <summary>Gives a field one value for all that it had.</summary>
    public void Set(string name, HoconValue value)
    {
        var field = new HoconField();
        field.Add(value);
        _fields[name] = field;
    }

    /// <summary>Takes over another's fields as if they were written after these; the other is not used any more.</summary>
    public void Merge(HoconObject later)
    {
        foreach (var (name, field) in later.Fields)
        {
            var mine = Field(name);
            foreach (var layer in field.Layers)
            {
                mine.Add(layer);
            }
        }
    }

    private HoconField Field(string name)
    {
        if (!_fields.TryGetValue(name, out var field))
        {
            _fields.Add(name, field = new());
        }

        return field;
    }
}
