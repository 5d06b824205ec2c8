using System.Text.Json.Serialization;
using AgentCluster.Domain.References;

namespace AgentCluster.Domain.Mailboxes;

/// <summary>
/// What one says to another. It is kept as it came and means nothing here: no right, recipient, path or template is ever
/// read from it. Only those who talk are shown it.
/// </summary>
/// <param name="Text">At most 65,536 characters; of control characters only line breaks and tabs.</param>
public sealed record Content(string Text)
{
    /// <summary>What it is about, in a line of at most 500 characters.</summary>
    public string? Subject { get; init; }

    /// <summary>How it stands, beside the result; at most 4,000 characters.</summary>
    public string? Note { get; init; }

    /// <summary>Free JSON; at most 64 Ki characters.</summary>
    public RawJson? Data { get; init; }

    /// <summary>What the text refers to, as it is written there; nothing is fetched.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<string> References { get; init; }

    /// <summary>Characters, for the bound of a mailbox.</summary>
    [JsonIgnore]
    public int Size => Text.Length + (Subject?.Length ?? 0) + (Note?.Length ?? 0) + (Data?.Text.Length ?? 0);

    /// <summary>The same with what its text refers to; at most 200.</summary>
    internal Content Marked()
    {
        List<string> found = [];
        ReferenceScan.Find(Subject, found);
        ReferenceScan.Find(Text, found);
        return found.Count == 0 ? this : this with { References = found.Distinct(StringComparer.Ordinal).ToValueList() };
    }
}
