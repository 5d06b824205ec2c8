using System.Globalization;
using System.Text;

namespace AgentCluster.Cli.Output;

/// <summary>Makes other people's text safe for a terminal: what moves the cursor, changes colours or turns the writing direction is shown, not sent.</summary>
internal static class Printable
{
    /// <summary>The text on one line, its control and format characters as escapes.</summary>
    /// <param name="text">Any.</param>
    public static string Of(string text)
    {
        if (!text.Any(IsUnsafe))
        {
            return text;
        }

        var safe = new StringBuilder(text.Length + 8);
        foreach (var character in text)
        {
            _ = character switch
            {
                '\n' => safe.Append("\\n"),
                '\r' => safe.Append("\\r"),
                '\t' => safe.Append("\\t"),
                _ when IsUnsafe(character) => safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => safe.Append(character),
            };
        }

        return safe.ToString();
    }

    private static bool IsUnsafe(char character) => char.GetUnicodeCategory(character)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
