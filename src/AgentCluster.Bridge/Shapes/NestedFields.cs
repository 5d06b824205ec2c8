using System.Globalization;
using System.Text.Json;
using AgentCluster.Bridge.Schemas;
using AgentCluster.Domain;

namespace AgentCluster.Bridge.Shapes;

/// <summary>A list of texts.</summary>
internal sealed class TextsField<T>(string name, int most, int longest, TextForm? form, Action<T, List<string>> take)
    : Field<T>(name, required: false)
    where T : class
{
    public override string Expected { get; } = string.Create(
        CultureInfo.InvariantCulture, $"must be a list of at most {most} texts of 1 to {longest} characters");

    public override Schema Schema => new ListSchema(
        new TextSchema(1, Math.Min(longest, form?.Longest ?? longest)) { Pattern = form?.Pattern }, 0, most);

    public override void Read(ref Utf8JsonReader reader, T request, Faults faults)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            Refuse(ref reader, faults);
            return;
        }

        var texts = new List<string>();
        var wrong = false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (wrong)
            {
                reader.Skip();
            }
            else if (reader.TokenType != JsonTokenType.String || texts.Count == most)
            {
                wrong = true;
                Refuse(ref reader, faults);
            }
            else
            {
                wrong = !Take(reader, texts, faults);
            }
        }

        if (!wrong)
        {
            take(request, texts);
        }
    }

    /// <summary>In a query the texts are divided by commas.</summary>
    /// <inheritdoc/>
    public override void Read(string text, T request, Faults faults)
    {
        string[] texts = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (texts.Length > most || texts.Any(one => one.Length > longest || !Storable.IsText(one)))
        {
            faults.Add(Name, $"{Expected}, divided by commas.");
        }
        else if (form is not null && texts.Select(one => form.Wrong(one)).FirstOrDefault(wrong => wrong is not null) is { } message)
        {
            faults.Add(Name, message);
        }
        else
        {
            take(request, [.. texts]);
        }
    }

    private bool Take(in Utf8JsonReader reader, List<string> texts, Faults faults)
    {
        if (!UnicodeText.TryRead(reader, out var text))
        {
            faults.Add(Name, UnicodeText.Expected + ".");
            return false;
        }

        if (text.Length == 0 || text.Length > longest)
        {
            faults.Add(Name, string.Create(CultureInfo.InvariantCulture, $"{Expected}; found one of {text.Length}."));
            return false;
        }

        if (form?.Wrong(text) is { } wrong)
        {
            faults.Add(Name, wrong);
            return false;
        }

        texts.Add(text);
        return true;
    }
}

/// <summary>An object of a shape of its own.</summary>
internal sealed class ObjectField<T, TInner>(string name, Shape<TInner> shape, bool required, Action<T, TInner> take)
    : Field<T>(name, required)
    where T : class
    where TInner : class, new()
{
    public override string Expected => "must be an object";

    public override Schema Schema => shape.Describe();

    public override void Read(ref Utf8JsonReader reader, T request, Faults faults)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            Refuse(ref reader, faults);
            return;
        }

        faults.Enter(Name);
        take(request, shape.Read(ref reader, faults));
        faults.Leave();
    }
}

/// <summary>A list of objects of one shape.</summary>
internal sealed class ObjectsField<T, TInner>(string name, int most, Shape<TInner> shape, bool required, Action<T, List<TInner>> take)
    : Field<T>(name, required)
    where T : class
    where TInner : class, new()
{
    public override string Expected { get; } = string.Create(
        CultureInfo.InvariantCulture, $"must be a list of {(required ? 1 : 0)} to {most} objects");

    public override Schema Schema => new ListSchema(shape.Describe(), Required ? 1 : 0, most);

    public override void Read(ref Utf8JsonReader reader, T request, Faults faults)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            Refuse(ref reader, faults);
            return;
        }

        var items = new List<TInner>();
        var index = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (index >= most)
            {
                reader.Skip();
            }
            else if (reader.TokenType == JsonTokenType.StartObject)
            {
                faults.Enter(Name, index);
                items.Add(shape.Read(ref reader, faults));
                faults.Leave();
            }
            else
            {
                Refuse(ref reader, faults);
            }

            index++;
        }

        if (index > most || (Required && index == 0))
        {
            faults.Add(Name, string.Create(CultureInfo.InvariantCulture, $"{Expected}; found {index}."));
        }

        take(request, items);
    }
}
