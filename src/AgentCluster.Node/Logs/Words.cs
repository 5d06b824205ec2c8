using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Node.Logs;

/// <summary>Words of log lines.</summary>
internal static class Words
{
    /// <summary>A level as it is set in <c>agentcluster.log.level</c>.</summary>
    /// <param name="level">Any but none.</param>
    public static string Of(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "information",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };

    /// <summary>Text that moves no cursor, colours nothing and begins no line, whoever wrote it.</summary>
    /// <param name="text">Any.</param>
    public static string Printable(string text)
    {
        if (!text.Any(IsHidden))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length + 16);
        foreach (var letter in text)
        {
            if (IsHidden(letter))
            {
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}");
            }
            else
            {
                shown.Append(letter);
            }
        }

        return shown.ToString();
    }

    private static bool IsHidden(char letter) =>
        char.GetUnicodeCategory(letter) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
