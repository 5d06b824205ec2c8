using System.Globalization;
using System.Text.RegularExpressions;

namespace AgentCluster.Workers.Merges;

/// <summary>Reads what <c>git merge-tree --write-tree --stdin</c> says of each pair, in order.</summary>
internal static partial class MergeReport
{
    // Of all that git says about a file the first in this order says what it is.
    private static readonly (string Said, ConflictKind Kind)[] Kinds =
    [
        ("submodule", ConflictKind.Submodule),
        ("binary", ConflictKind.Binary),
        ("modify/delete", ConflictKind.ModifyDelete),
        ("rename/delete", ConflictKind.RenameDelete),
        ("rename/rename", ConflictKind.RenameRename),
        ("collision", ConflictKind.RenameAdd),
        ("rename/add", ConflictKind.RenameAdd),
        ("add/add", ConflictKind.AddAdd),
        ("file/directory", ConflictKind.FileDirectory),
        ("directory rename", ConflictKind.DirectoryRename),
        ("implicit dir rename", ConflictKind.DirectoryRename),
        ("file location", ConflictKind.DirectoryRename),
        ("distinct modes", ConflictKind.Mode),
        ("distinct types", ConflictKind.Mode),
        ("content", ConflictKind.Content),
    ];

    /// <summary>The verdicts of all pairs that were answered in full; where git stopped half-way they are fewer than were asked for.</summary>
    /// <param name="fields">What stands between the NULs.</param>
    public static List<Verdict> Read(string[] fields)
    {
        var verdicts = new List<Verdict>();
        var at = 0;
        while (at + 2 < fields.Length && ReadOne(fields, ref at) is { } verdict)
        {
            verdicts.Add(verdict);
        }

        return verdicts;
    }

    private static Verdict? ReadOne(string[] fields, ref int at)
    {
        var clean = fields[at] switch { "1" => true, "0" => false, _ => (bool?)null };
        at += 2;
        if (clean is null)
        {
            return null;
        }

        var stages = new List<string>();
        while (at < fields.Length && fields[at].Length > 0)
        {
            stages.Add(fields[at++]);
        }

        at++;
        if (clean is true)
        {
            return at <= fields.Length ? new Verdict.Clean() : null;
        }

        var kinds = ReadKinds(fields, ref at);
        return at > fields.Length ? null : Judge(stages, kinds);
    }

    // <how many> <path>… <what kind of message> <the message>, until an empty field.
    private static List<(string[] Paths, int Said)> ReadKinds(string[] fields, ref int at)
    {
        var kinds = new List<(string[], int)>();
        while (at < fields.Length && fields[at].Length > 0)
        {
            if (!int.TryParse(fields[at], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            {
                break; // Advice about submodules stands behind the messages, without a number.
            }

            if (at + count + 2 >= fields.Length)
            {
                at = fields.Length;
                break;
            }

            var (paths, kind, message) = (fields[(at + 1)..(at + 1 + count)], fields[at + 1 + count], fields[at + 2 + count]);
            at += count + 3;
            if (kind.StartsWith("CONFLICT", StringComparison.Ordinal))
            {
                var said = kind + message[..Math.Max(0, message.IndexOf(')', StringComparison.Ordinal))];
                kinds.Add(([.. paths.Select(Name)], Array.FindIndex(Kinds, known => said.Contains(known.Said, StringComparison.OrdinalIgnoreCase))));
            }
        }

        at++;
        return kinds;
    }

    // Where a folder stands in a file's way, git puts the file beside it, under the name of the commit that it came from.
    private static string Name(string path) => Aside().Replace(path, "");

    [GeneratedRegex("~[0-9a-f]{40,64}(_[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Aside();

    private static Verdict Judge(List<string> stages, List<(string[] Paths, int Said)> kinds)
    {
        var files = stages.Select(stage => (Entry: stage[..stage.LastIndexOf(' ', stage.IndexOf('\t', StringComparison.Ordinal))], Path: Name(stage[(stage.IndexOf('\t', StringComparison.Ordinal) + 1)..])))
            .GroupBy(stage => stage.Path, stage => stage.Entry, StringComparer.Ordinal)
            .OrderBy(file => file.Key, StringComparer.Ordinal)
            .Select(file => new ConflictedFile(file.Key, Kind(file.Key, [.. file], kinds)))
            .ToList();
        return files.Count > 0 ? new Verdict.Conflict(files) : new Verdict.Unknown("git reports a conflict and names no file");
    }

    // An entry is "<mode> <object>". The same content under two modes is a conflict of modes, which git says in no word or another.
    private static ConflictKind Kind(string path, string[] entries, List<(string[] Paths, int Said)> kinds)
    {
        if (entries.Distinct().Count() > 1 && entries.Select(entry => entry[7..]).Distinct().Count() == 1)
        {
            return ConflictKind.Mode;
        }

        var said = kinds.Where(kind => kind.Said >= 0 && kind.Paths.Contains(path, StringComparer.Ordinal)).Select(kind => kind.Said).DefaultIfEmpty(-1).Min();
        return said < 0 ? ConflictKind.Other : Kinds[said].Kind;
    }
}
