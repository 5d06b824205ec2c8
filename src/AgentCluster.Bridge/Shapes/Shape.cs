using System.Buffers;
using System.Text.Json;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Domain;
using AgentCluster.Domain.ResourcePool;

namespace AgentCluster.Bridge.Shapes;

/// <summary>
/// A closed JSON object: its fields, what each may hold, and where each goes. Reading it is the validation, so nothing
/// that is not allowed here ever reaches an operation; the same list reads query strings and describes the request.
/// </summary>
/// <typeparam name="T">The request that is filled.</typeparam>
internal sealed class Shape<T>
    where T : class, new()
{
    private static readonly JsonReaderOptions Strictly = new() { MaxDepth = 64 };

    private readonly List<Field<T>> _fields = [];
    private readonly Dictionary<int, Action<T>> _nulls = [];

    /// <summary>The fields, in the order declared; at most 64.</summary>
    public IReadOnlyList<Field<T>> Fields => _fields;

    public Shape<T> Text(string name, int most, Action<T, string> take, bool required = false, TextForm? form = null, int least = 1) =>
        With(new TextField<T>(name, least, most, form, required, take));

    public Shape<T> Whole(string name, long least, long most, Action<T, long> take, bool required = false) =>
        With(new WholeField<T>(name, least, most, required, take));

    public Shape<T> Amount(string name, decimal most, Action<T, decimal> take, bool required = false) =>
        With(new AmountField<T>(name, most, required, take));

    public Shape<T> Amounts(string name, int most, Action<T, ValueList<Amount>> take, bool required = false) =>
        With(new AmountsField<T>(name, most, required, take));

    public Shape<T> Flag(string name, Action<T, bool> take, bool required = false) => With(new FlagField<T>(name, required, take));

    public Shape<T> Moment(string name, Action<T, DateTimeOffset> take) => With(new MomentField<T>(name, take));

    public Shape<T> Word<TValue>(string name, IReadOnlyDictionary<string, TValue> words, Action<T, TValue> take, bool required = false) =>
        With(new WordField<T, TValue>(name, words, required, take));

    public Shape<T> Texts(string name, int most, int longest, Action<T, List<string>> take, TextForm? form = null) =>
        With(new TextsField<T>(name, most, longest, form, take));

    public Shape<T> Object<TInner>(string name, Shape<TInner> shape, Action<T, TInner> take, bool required = false)
        where TInner : class, new() => With(new ObjectField<T, TInner>(name, shape, required, take));

    public Shape<T> Objects<TInner>(string name, int most, Shape<TInner> shape, Action<T, List<TInner>> take, bool required = false)
        where TInner : class, new() => With(new ObjectsField<T, TInner>(name, most, shape, required, take));

    public Shape<T> Free(string name, int most, Action<T, string> take) => With(new FreeField<T>(name, most, take));

    /// <summary>Takes note when the field declared last is null, in a change: there null empties, where elsewhere it is as good as left out.</summary>
    /// <param name="take">Called instead of the field's own.</param>
    public Shape<T> OrNull(Action<T> take)
    {
        _nulls.Add(_fields.Count - 1, take);
        return this;
    }

    /// <summary>Takes all fields of another shape, for requests that are another one and a little more.</summary>
    /// <param name="fields">Declares them.</param>
    public Shape<T> Also(Func<Shape<T>, Shape<T>> fields) => fields(this);

    /// <summary>The same list as a schema of a JSON body: null stands for a field that is left out.</summary>
    public ObjectSchema Describe() => new()
    {
        Properties = [.. _fields.Select(field => new Property(field.Name, field.Required ? field.Schema : field.Schema with { OrNull = true }, field.Required))],
        TakesOthers = false,
    };

    /// <summary>Reads a whole body.</summary>
    /// <param name="body">UTF-8; nothing at all counts as an empty object.</param>
    /// <param name="faults">Where what is wrong is noted; the result counts only when there is nothing.</param>
    public T Read(in ReadOnlySequence<byte> body, Faults faults)
    {
        var reader = new Utf8JsonReader(body, Strictly);
        try
        {
            if (body.IsEmpty)
            {
                var nothing = new T();
                CheckRequired(0, faults);
                return nothing;
            }

            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                faults.Add("body", "must be a JSON object.");
                return new();
            }

            var request = Read(ref reader, faults);
            reader.Read();
            return request;
        }
        catch (JsonException malformed)
        {
            // What was found wrong before is wrong of something that is no request at all.
            faults.Clear();
            faults.Add("body", reader.CurrentDepth >= Strictly.MaxDepth
                ? FormattableString.Invariant($"must not be deeper than {Strictly.MaxDepth}.")
                : FormattableString.Invariant($"must be valid JSON; it is not at line {malformed.LineNumber + 1}, byte {malformed.BytePositionInLine + 1}."));
            return new();
        }
    }

    /// <summary>Reads one object.</summary>
    /// <param name="reader">On its start; left on its end.</param>
    /// <param name="faults">Where what is wrong is noted.</param>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public T Read(ref Utf8JsonReader reader, Faults faults)
    {
        var request = new T();
        var seen = 0UL;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var index = IndexOf(reader);
            if (index < 0)
            {
                var name = UnicodeText.TryRead(reader, out var text) ? text : "?";
                faults.Unknown(name, _fields.Select(field => field.Name));
                reader.Read();
                reader.Skip();
                continue;
            }

            var bit = 1UL << index;
            reader.Read();
            if ((seen & bit) != 0)
            {
                faults.Add(_fields[index].Name, "stands there twice.");
                reader.Skip();
            }
            else if (reader.TokenType != JsonTokenType.Null)
            {
                _fields[index].Read(ref reader, request, faults);
            }
            else if (_nulls.TryGetValue(index, out var empty))
            {
                empty(request);
            }
            else if (_fields[index].Required)
            {
                faults.Add(_fields[index].Name, $"{_fields[index].Expected}; found null.");
            }

            seen |= bit;
        }

        CheckRequired(seen, faults);
        return request;
    }

    /// <summary>Reads a query string.</summary>
    /// <param name="query">Names and values, decoded.</param>
    /// <param name="faults">Where what is wrong is noted.</param>
    public T Read(IEnumerable<KeyValuePair<string, Microsoft.Extensions.Primitives.StringValues>> query, Faults faults)
    {
        var request = new T();
        var seen = 0UL;
        foreach (var (name, values) in query)
        {
            var index = _fields.FindIndex(field => field.Name == name);
            if (index < 0)
            {
                faults.Unknown(name, _fields.Select(field => field.Name));
            }
            else if (values.Count != 1)
            {
                faults.Add(name, "stands there twice.");
            }
            else
            {
                _fields[index].Read(values[0] ?? string.Empty, request, faults);
            }

            seen |= index < 0 ? 0 : 1UL << index;
        }

        CheckRequired(seen, faults);
        return request;
    }

    private int IndexOf(in Utf8JsonReader reader)
    {
        // An escaped name may hold half a surrogate pair, which the reader cannot compare.
        if (reader.ValueIsEscaped)
        {
            return UnicodeText.TryRead(reader, out var name) ? _fields.FindIndex(field => field.Name == name) : -1;
        }

        for (var i = 0; i < _fields.Count; i++)
        {
            if (_fields[i].IsNamedBy(reader))
            {
                return i;
            }
        }

        return -1;
    }

    private void CheckRequired(ulong seen, Faults faults)
    {
        for (var i = 0; i < _fields.Count; i++)
        {
            if (_fields[i].Required && (seen & (1UL << i)) == 0)
            {
                faults.Add(_fields[i].Name, $"{_fields[i].Expected}; it is missing.");
            }
        }
    }

    private Shape<T> With(Field<T> field)
    {
        _fields.Add(_fields.Count < 64 ? field : throw new InvalidOperationException("A shape holds 64 fields at most."));
        return this;
    }
}
