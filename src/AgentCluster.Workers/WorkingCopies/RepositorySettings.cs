using System.Globalization;
using System.Text;
using AgentCluster.Workers.Git;

namespace AgentCluster.Workers.WorkingCopies;

/// <summary>
/// What of the configuration around a repository decides how its files compare and merge. It is read as text and taken over by name:
/// everything that names a program stays behind, and of two kinds the names are kept, to know what cannot be foreseen.
/// </summary>
/// <param name="Kept">Keys and values that the forecast works with.</param>
/// <param name="Filters">Names of filters that turn a file's text into something else before it is stored.</param>
/// <param name="Drivers">Names of programs that merge certain files.</param>
internal sealed record RepositorySettings(
    IReadOnlyList<(string Key, string Value)> Kept, IReadOnlySet<string> Filters, IReadOnlySet<string> Drivers)
{
    private static readonly HashSet<string> Plain =
    [
        "core.autocrlf", "core.eol", "core.filemode", "core.ignorecase", "core.precomposeunicode", "core.symlinks", "core.repositoryformatversion",
        "diff.renames", "diff.renamelimit", "extensions.objectformat",
        "merge.default", "merge.directoryrenames", "merge.renamelimit", "merge.renames", "merge.renormalize",
    ];

    // A path that a repository names could be any file of the machine; the machine's and the user's own are theirs to name.
    private static readonly HashSet<string> Paths = ["core.attributesfile", "core.excludesfile"];

    /// <summary>Reads it; nothing that it names is run.</summary>
    /// <exception cref="GitException">It is no configuration.</exception>
    public static async Task<RepositorySettings> ReadAsync(GitRunner git, WorkingCopy copy, CancellationToken cancellationToken)
    {
        var home = Environment.GetEnvironmentVariable("HOME");
        var call = copy.InRepository("config", "--null", "--list", "--show-scope");
        var ofTheUser = call with
        {
            Environment =
            [
                .. call.Environment, ("GIT_CONFIG_NOSYSTEM", null), ("GIT_CONFIG_GLOBAL", null), ("HOME", home),
                ("XDG_CONFIG_HOME", Environment.GetEnvironmentVariable("XDG_CONFIG_HOME")),
            ],
        };
        var fields = (await git.RunAsync(ofTheUser, cancellationToken)).Required($"read the configuration of {copy.CommonFolder}").Fields;
        return Of(fields.Chunk(2).Where(pair => pair.Length == 2).Select(pair => (pair[0], pair[1])), home);
    }

    /// <summary>As the text of a configuration file.</summary>
    public string Write()
    {
        var text = new StringBuilder();
        foreach (var (key, value) in Kept)
        {
            var dot = key.IndexOf('.', StringComparison.Ordinal);
            var quoted = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
            text.Append(CultureInfo.InvariantCulture, $"[{key[..dot]}]\n\t{key[(dot + 1)..]} = \"{quoted}\"\n");
        }

        return text.ToString();
    }

    private static RepositorySettings Of(IEnumerable<(string Scope, string Text)> lines, string? home)
    {
        var kept = new Dictionary<string, string> { ["core.repositoryformatversion"] = "0", ["core.bare"] = "false" };
        var filters = new HashSet<string>(StringComparer.Ordinal);
        var drivers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (scope, text) in lines)
        {
            var end = text.IndexOf('\n', StringComparison.Ordinal);
            var (key, value) = end < 0 ? (text, "true") : (text[..end], text[(end + 1)..]);
            if (value.AsSpan().ContainsAny('\n', '\r'))
            {
                continue;
            }

            if (Plain.Contains(key) || (Paths.Contains(key) && scope is "system" or "global"))
            {
                kept[key] = Paths.Contains(key) && value.StartsWith("~/", StringComparison.Ordinal) ? home + value[1..] : value;
            }
            else if (Named(key, "filter.", ".clean", ".process") is { } filter)
            {
                filters.Add(filter);
            }
            else if (Named(key, "merge.", ".driver") is { } driver)
            {
                drivers.Add(driver);
            }
        }

        Default(kept, "core.excludesfile", home, "ignore");
        Default(kept, "core.attributesfile", home, "attributes");
        return new([.. kept.Select(pair => (pair.Key, pair.Value))], filters, drivers);
    }

    // Git's own default depends on HOME, which its calls do not see.
    private static void Default(Dictionary<string, string> kept, string key, string? home, string file)
    {
        if (!kept.ContainsKey(key) && (Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") ?? (home is null ? null : home + "/.config")) is { } folder)
        {
            kept[key] = Path.Combine(folder, "git", file);
        }
    }

    private static string? Named(string key, string section, params string[] ends) =>
        key.StartsWith(section, StringComparison.Ordinal) && ends.FirstOrDefault(end => key.EndsWith(end, StringComparison.Ordinal)) is { } end
            && key.Length > section.Length + end.Length
            ? key[section.Length..^end.Length]
            : null;
}
