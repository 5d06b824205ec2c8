using System.Globalization;
using System.Text;

namespace AgentCluster.Tests.Workers;

/// <summary>
/// Makes histories by chance, as input for <c>git fast-import</c>: a beginning, and two branches that change, add, delete and rename
/// files and folders, change modes, turn files into links and folders, and sometimes merge each other half-way. Few names, so that
/// they meet often.
/// </summary>
internal sealed class RandomHistory(int seed)
{
    private static readonly string[] Names = ["a", "b", "d/a", "d/b", "d/c", "e/a", "e/b", "d/s/a"];
    private readonly Random _chance = new(seed);
    private readonly StringBuilder _stream = new();
    private int _mark;

    /// <summary>One case: the branches <c>c{number}_base</c>, <c>c{number}_a</c> and <c>c{number}_b</c>.</summary>
    public void Add(int number)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var start = Commit($"c{number}_base", files, from: 0, merge: 0, changes: 6);
        var (mine, theirs) = (new SortedDictionary<string, string>(files, StringComparer.Ordinal), new SortedDictionary<string, string>(files, StringComparer.Ordinal));
        var a = Commit($"c{number}_a", mine, start, 0, _chance.Next(1, 4));
        var b = Commit($"c{number}_b", theirs, start, 0, _chance.Next(1, 4));
        if (_chance.Next(5) == 0)
        {
            // Each takes the other's first commit in, keeping its own files: two common ancestors from here on.
            (a, b) = (Commit($"c{number}_a", mine, a, b, 1), Commit($"c{number}_b", theirs, b, a, 1));
        }

        if (_chance.Next(2) == 0)
        {
            Commit($"c{number}_a", mine, a, 0, _chance.Next(1, 3));
            Commit($"c{number}_b", theirs, b, 0, _chance.Next(1, 3));
        }
    }

    public override string ToString() => _stream + "done\n";

    private int Commit(string branch, SortedDictionary<string, string> files, int from, int merge, int changes)
    {
        for (var i = 0; i < changes; i++)
        {
            Change(files);
        }

        _mark++;
        _stream.Append(CultureInfo.InvariantCulture, $"commit refs/heads/{branch}\nmark :{_mark}\ncommitter t <t@localhost> {1_700_000_000 + _mark} +0000\ndata 0\n");
        _stream.Append(from > 0 ? $"from :{from}\n" : "").Append(merge > 0 ? $"merge :{merge}\n" : "").Append("deleteall\n");
        foreach (var (path, file) in files)
        {
            var (mode, text) = (file[..6], file[6..]);
            _stream.Append(CultureInfo.InvariantCulture, $"M {mode} inline {path}\ndata {Encoding.UTF8.GetByteCount(text)}\n{text}\n");
        }

        return _mark;
    }

    private void Change(SortedDictionary<string, string> files)
    {
        var some = files.Count > 0 ? files.Keys.ElementAt(_chance.Next(files.Count)) : null;
        switch (_chance.Next(12))
        {
            case 0 when some is not null:
                files.Remove(some);
                break;
            case 1 or 2 when some is not null:
                var moved = files[some];
                files.Remove(some);
                Put(files, Names[_chance.Next(Names.Length)] + (_chance.Next(2) == 0 ? "" : "2"), moved);
                break;
            case 3 when files.Keys.Any(path => path.StartsWith("d/", StringComparison.Ordinal)):
                foreach (var path in files.Keys.Where(path => path.StartsWith("d/", StringComparison.Ordinal)).ToList())
                {
                    Put(files, "f" + path[1..], files[path]);
                    files.Remove(path);
                }

                break;
            case 4 when some is not null && files[some][..6] != "120000":
                files[some] = (files[some][..6] == "100644" ? "100755" : "100644") + files[some][6..];
                break;
            case 5 when some is not null:
                files[some] = "120000" + Names[_chance.Next(Names.Length)];
                break;
            case 6 when some is not null:
                files[some] = $"100644\0{_chance.Next(3)}";
                break;
            case 7 when some is not null:
                var inside = files[some];
                files.Remove(some);
                Put(files, some + "/in", inside);
                break;
            case 8 or 9 when some is not null && files[some].Contains('\n', StringComparison.Ordinal):
                var lines = files[some][6..].Split('\n');
                lines[_chance.Next(lines.Length - 1)] = $"changed {_chance.Next(4)}";
                files[some] = files[some][..6] + string.Join('\n', lines);
                break;
            default:
                var from = _chance.Next(3) * 100;
                Put(files, Names[_chance.Next(Names.Length)], "100644" + string.Concat(Enumerable.Range(from, 12).Select(line => $"line {line}\n")));
                break;
        }

        // Six characters of mode stand in front of each file's content.
        if (files.Count == 0)
        {
            files["a"] = "100644only\n";
        }
    }

    // A file takes the place of a folder, and a folder that of a file.
    private static void Put(SortedDictionary<string, string> files, string path, string file)
    {
        foreach (var other in files.Keys.Where(other => other.StartsWith(path + "/", StringComparison.Ordinal) || path.StartsWith(other + "/", StringComparison.Ordinal)).ToList())
        {
            files.Remove(other);
        }

        files[path] = file;
    }
}
