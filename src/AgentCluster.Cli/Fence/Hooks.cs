namespace AgentCluster.Cli.Fence;

/// <summary>The hooks of a repository. A hook that was there before is kept and runs first; what it refuses stays refused.</summary>
internal static class Hooks
{
    /// <summary>Which.</summary>
    public static IReadOnlyList<string> Names { get; } = ["commit-msg", "pre-push"];

    private const string Mark = "# Written by 'pbm git install-hooks'";
    private const string Before = "before-agentcluster";

    /// <summary>Writes them.</summary>
    /// <param name="folder">The repository's hooks.</param>
    /// <param name="pbm">The program that they call.</param>
    /// <returns>What is in the way; null when it is done. Then nothing was changed.</returns>
    public static string? Install(string folder, string pbm)
    {
        var before = Path.Combine(folder, Before);
        var foreign = Names.Where(name => Path.Exists(Path.Combine(folder, name)) && !IsOurs(Path.Combine(folder, name))).ToList();
        if (foreign.Find(name => Path.Exists(Path.Combine(before, name))) is { } taken)
        {
            return $"Both {Path.Combine(folder, taken)} and {Path.Combine(before, taken)} are hooks of somebody else's: one of them would be lost. Make one of the two.";
        }

        Directory.CreateDirectory(folder);
        foreach (var name in foreign)
        {
            Directory.CreateDirectory(before);
            Move(new FileInfo(Path.Combine(folder, name)), Path.Combine(before, name));
        }

        foreach (var name in Names)
        {
            Write(Path.Combine(folder, name), Script(name, pbm));
        }

        return null;
    }

    // The name stays the same: some programs are many hooks, and tell by it which they are.
    private static void Move(FileInfo hook, string to)
    {
        if (hook.ResolveLinkTarget(returnFinalTarget: false) is { } target)
        {
            File.CreateSymbolicLink(to, target.FullName);
            hook.Delete();
        }
        else
        {
            hook.MoveTo(to);
        }
    }

    private static bool IsOurs(string path) => new FileInfo(path).LinkTarget is null && File.Exists(path) && File.ReadAllText(path).Contains(Mark, StringComparison.Ordinal);

    private static void Write(string path, string script)
    {
        var written = path + ".new";
        File.WriteAllText(written, script);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(written, (UnixFileMode)0b111_101_101);
        }

        File.Move(written, path, overwrite: true);
    }

    private static string Script(string name, string pbm) =>
        $$"""
        #!/bin/sh
        {{Mark}}; a working copy without a claim is left alone.
        before="$(dirname "$0")/{{Before}}/{{name}}"
        if [ -x "$before" ]; then "$before" "$@" || exit $?; fi
        claim="$(git rev-parse --git-dir)/{{Binding.FileName}}"
        [ -f "$claim" ] || exit 0
        pbm={{Quoted(pbm)}}
        [ -x "$pbm" ] || pbm="$(command -v pbm)"
        if [ -z "$pbm" ]; then
          echo "agentcluster: expected the program pbm at {{pbm.Replace("\"", "", StringComparison.Ordinal).Replace("$", "", StringComparison.Ordinal).Replace("`", "", StringComparison.Ordinal)}} or on the path, found none: whether the claim is still yours was not asked." >&2
          ! grep -q '^when-away=refuse$' "$claim"
          exit $?
        fi
        exec "$pbm" git hook {{name}} {{(name == "commit-msg" ? "\"$1\" " : "")}}</dev/null

        """.ReplaceLineEndings("\n");

    private static string Quoted(string path) => $"'{path.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
