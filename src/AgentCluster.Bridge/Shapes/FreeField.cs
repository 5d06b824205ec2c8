using System.Text.Json;
using AgentCluster.Bridge.Schemas;

namespace AgentCluster.Bridge.Shapes;

/// <summary>
/// An object whose fields are the caller's own (<c>metadata</c>, <c>requirements</c>). It is kept as JSON text; what no
/// store can keep (NUL, half surrogate pairs) and what has two meanings (a name twice) is refused in it too.
/// </summary>
internal sealed class FreeField<T>(string name, int most, Action<T, string> take) : Field<T>(name, required: false)
    where T : class
{
    public override string Expected { get; } = FormattableString.Invariant($"must be an object of at most {most} bytes");

    public override Schema Schema => Is.Free;

    public override void Read(ref Utf8JsonReader reader, T request, Faults faults)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            Refuse(ref reader, faults);
            return;
        }

        using var buffer = new PooledJson();
        var names = new Stack<HashSet<string>>();
        var depth = reader.CurrentDepth;
        string? wrong;
        do
        {
            wrong = Copy(reader, buffer.Writer, names);
        }
        while (wrong is null && !(reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == depth) && reader.Read());

        if (wrong is not null)
        {
            faults.Add(Name, wrong);
            while (!(reader.TokenType == JsonTokenType.EndObject && reader.CurrentDepth == depth) && reader.Read())
            {
            }

            return;
        }

        var json = buffer.Text();
        if (json.Length > most)
        {
            faults.Add(Name, FormattableString.Invariant($"{Expected}; found {json.Length}."));
        }
        else
        {
            take(request, json);
        }
    }

    private static string? Copy(in Utf8JsonReader reader, Utf8JsonWriter writer, Stack<HashSet<string>> names)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                names.Push(new(StringComparer.Ordinal));
                writer.WriteStartObject();
                return null;
            case JsonTokenType.EndObject:
                names.Pop();
                writer.WriteEndObject();
                return null;
            case JsonTokenType.StartArray:
                writer.WriteStartArray();
                return null;
            case JsonTokenType.EndArray:
                writer.WriteEndArray();
                return null;
            case JsonTokenType.PropertyName:
                if (!UnicodeText.TryRead(reader, out var property))
                {
                    return UnicodeText.Expected + ".";
                }

                writer.WritePropertyName(property);
                return names.Peek().Add(property) ? null : $"has the field '{Faults.Shown(property)}' twice.";
            case JsonTokenType.String:
                if (!UnicodeText.TryRead(reader, out var text))
                {
                    return UnicodeText.Expected + ".";
                }

                writer.WriteStringValue(text);
                return null;
            case JsonTokenType.Number:
                writer.WriteRawValue(reader.HasValueSequence ? reader.ValueSequence : new(reader.ValueSpan.ToArray()), skipInputValidation: true);
                return null;
            case JsonTokenType.True or JsonTokenType.False:
                writer.WriteBooleanValue(reader.TokenType == JsonTokenType.True);
                return null;
            default:
                writer.WriteNullValue();
                return null;
        }
    }
}
