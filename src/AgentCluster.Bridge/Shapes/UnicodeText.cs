using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using AgentCluster.Domain;

namespace AgentCluster.Bridge.Shapes;

/// <summary>Text as every store can keep it: whole code points, no NUL.</summary>
internal static class UnicodeText
{
    public const string Expected = "must be Unicode text without NUL and without half surrogate pairs";

    /// <summary>Reads the text or the property name that the reader stands on.</summary>
    /// <param name="reader">On a string or a property name.</param>
    /// <param name="text">The text.</param>
    /// <returns>False when it is not such a text.</returns>
    public static bool TryRead(in Utf8JsonReader reader, [NotNullWhen(true)] out string? text)
    {
        try
        {
            text = reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // The reader checks escapes and bytes only when the value is asked for: half a surrogate pair, or no UTF-8.
            text = null;
        }

        return text is not null && Storable.IsText(text);
    }
}
