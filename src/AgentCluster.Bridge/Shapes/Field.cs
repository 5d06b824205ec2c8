using System.Text;
using System.Text.Json;
using AgentCluster.Bridge.Schemas;

namespace AgentCluster.Bridge.Shapes;

/// <summary>One field of a request: its name, what it may hold, and where the value goes.</summary>
/// <typeparam name="T">The request.</typeparam>
/// <param name="name">snake_case, as in the outside contract.</param>
/// <param name="required">Whether it must be there and not null.</param>
internal abstract class Field<T>(string name, bool required)
    where T : class
{
    private readonly byte[] _utf8 = Encoding.UTF8.GetBytes(name);

    public string Name => name;

    public bool Required => required;

    /// <summary>What it may hold, as the end of a sentence that starts with its name: <c>must be a whole number from 1 to 5</c>.</summary>
    public abstract string Expected { get; }

    /// <summary>What it may hold, for programs.</summary>
    public abstract Schema Schema { get; }

    public bool IsNamedBy(in Utf8JsonReader reader) => reader.ValueTextEquals(_utf8);

    /// <summary>Takes the value that the reader stands on; leaves the reader on its last token.</summary>
    /// <param name="reader">On the first token of a value that is not null.</param>
    /// <param name="request">Where the value goes.</param>
    /// <param name="faults">Where a wrong one is noted.</param>
    public abstract void Read(ref Utf8JsonReader reader, T request, Faults faults);

    /// <summary>Takes the value from a query string.</summary>
    /// <param name="text">Decoded.</param>
    /// <param name="request">Where the value goes.</param>
    /// <param name="faults">Where a wrong one is noted.</param>
    public virtual void Read(string text, T request, Faults faults) => faults.Add(Name, "cannot stand in a query.");

    /// <summary>Notes that the value has the wrong type, and passes over it.</summary>
    /// <param name="reader">On the first token of the value.</param>
    /// <param name="faults">Where it is noted.</param>
    protected void Refuse(ref Utf8JsonReader reader, Faults faults)
    {
        faults.Add(Name, $"{Expected}; found {Found(reader)}.");
        reader.Skip();
    }

    private static string Found(in Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "a text",
        JsonTokenType.True or JsonTokenType.False => "true or false",
        _ => "the number " + Faults.Shown(Encoding.ASCII.GetString(reader.HasValueSequence ? reader.ValueSequence.FirstSpan : reader.ValueSpan)),
    };
}
