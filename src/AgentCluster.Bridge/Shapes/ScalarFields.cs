using System.Globalization;
using System.Text.Json;
using AgentCluster.Actors;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Domain;

namespace AgentCluster.Bridge.Shapes;

internal sealed class TextField<T>(string name, int least, int most, TextForm? form, bool required, Action<T, string> take)
    : Field<T>(name, required)
    where T : class
{
    public override string Expected { get; } = string.Create(
        CultureInfo.InvariantCulture, $"must be a text of {least} to {most} characters");

    public override Schema Schema => new TextSchema(least, Math.Min(most, form?.Longest ?? most)) { Pattern = form?.Pattern };

    public override void Read(ref Utf8JsonReader reader, T request, Faults faults)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            Refuse(ref reader, faults);
        }
        else if (UnicodeText.TryRead(reader, out var text))
        {
            Take(text, request, faults);
        }
        else
        {
            faults.Add(Name, UnicodeText.Expected + ".");
        }
    }

    public override void Read(string text, T request, Faults faults)
    {
        if (Storable.IsText(text))
        {
            Take(text, request, faults);
        }
        else
        {
            faults.Add(Name, UnicodeText.Expected + ".");
        }
    }

    private void Take(string text, T request, Faults faults)
    {
        if (text.Length < least || text.Length > most)
        {
            faults.Add(Name, string.Create(CultureInfo.InvariantCulture, $"{Expected}; found {text.Length}."));
        }
        else if (form?.Wrong(text) is { } wrong)
        {
            faults.Add(Name, wrong);
        }
        else
        {
            take(request, text);
        }
    }
}

internal sealed class WholeField<T>(string name, long least, long most, bool required, Action<T, long> take)
    : Field<T>(name, required)
    where T : class
{
    public override string Expected { get; } = string.Create(
        CultureInfo.InvariantCulture, $"must be a whole number from {least} to {most}");

    public override Schema Schema => new WholeSchema(least, most);

    public override void Read(ref Utf8JsonReader reader, T request, Faults faults)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) && number >= least && number <= most)
        {
            take(request, number);
        }
        else
        {
            Refuse(ref reader, faults);
        }
    }

    public override void Read(string text, T request, Faults faults)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && text[0] != '+'
            && number >= least && number <= most)
        {
            take(request, number);
        }
        else
        {
            faults.Add(Name, $"{Expected}; found '{Faults.Shown(text)}'.");
        }
    }
}

internal sealed class AmountField<T>(string name, decimal most, bool required, Action<T, decimal> take)
    : Field<T>(name, required)
    where T : class
{
    public override string Expected { get; } = string.Create(CultureInfo.InvariantCulture, $"must be a number from 0 to {most}");

    public override Schema Schema => new AmountSchema(most);

    public override void Read(ref Utf8JsonReader reader, T request, Faults faults)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var number) && number >= 0 && number <= most)
        {
            take(request, number);
        }
        else
        {
            Refuse(ref reader, faults);
        }
    }
}

internal sealed class FlagField<T>(string name, bool required, Action<T, bool> take)
    : Field<T>(name, required)
    where T : class
{
    public override string Expected => "must be true or false";

    public override Schema Schema => Is.Flag;

    public override void Read(ref Utf8JsonReader reader, T request, Faults faults)
    {
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
        {
            take(request, reader.GetBoolean());
        }
        else
        {
            Refuse(ref reader, faults);
        }
    }

    public override void Read(string text, T request, Faults faults)
    {
        if (text is "true" or "false")
        {
            take(request, text == "true");
        }
        else
        {
            faults.Add(Name, $"{Expected}; found '{Faults.Shown(text)}'.");
        }
    }
}

internal sealed class MomentField<T>(string name, Action<T, DateTimeOffset> take)
    : Field<T>(name, required: false)
    where T : class
{
    public override string Expected => "must be an RFC 3339 time such as 2030-01-31T12:00:00Z";

    public override Schema Schema => Is.Moment;

    public override void Read(ref Utf8JsonReader reader, T request, Faults faults)
    {
        // A time without a zone would be read in the zone of the node's machine: the last ten characters must hold one.
        if (reader.TokenType == JsonTokenType.String
            && UnicodeText.TryRead(reader, out var text)
            && text.Length >= 20
            && text[10] is 'T' or 't'
            && (text[^1] is 'Z' or 'z' || text[^6] is '+' or '-')
            && reader.TryGetDateTimeOffset(out var moment)
            && moment.UtcDateTime.Year is >= 1970 and < 9999)
        {
            take(request, RowValue.Kept(moment));
        }
        else
        {
            Refuse(ref reader, faults);
        }
    }
}

/// <summary>A text that must be one of a few words, each standing for a value.</summary>
internal sealed class WordField<T, TValue>(string name, IReadOnlyDictionary<string, TValue> words, bool required, Action<T, TValue> take)
    : Field<T>(name, required)
    where T : class
{
    public override string Expected { get; } = "must be one of " + string.Join(", ", words.Keys);

    public override Schema Schema => Is.OneOf([.. words.Keys]);

    public override void Read(ref Utf8JsonReader reader, T request, Faults faults)
    {
        if (reader.TokenType == JsonTokenType.String && UnicodeText.TryRead(reader, out var word))
        {
            Read(word, request, faults);
        }
        else
        {
            Refuse(ref reader, faults);
        }
    }

    public override void Read(string text, T request, Faults faults)
    {
        if (words.TryGetValue(text, out var value))
        {
            take(request, value);
        }
        else
        {
            faults.Add(Name, $"{Expected}; found '{Faults.Shown(text)}'.");
        }
    }
}
