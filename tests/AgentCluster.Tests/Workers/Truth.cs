using System.Text.RegularExpressions;

namespace AgentCluster.Tests.Workers;

/// <summary>What <c>git merge</c> really comes to, in a clone that nobody needs.</summary>
internal static partial class Truth
{
    /// <summary>Leaves the exit code, then the unmerged paths, a line each; the clone is clean again afterwards.</summary>
    public static string Script(string into, string other) =>
        $"""
        git checkout -qf --detach {into} && git branch -qf other {other}
        git merge -q --no-edit other >/dev/null 2>&1; echo $?
        git -c core.quotePath=false ls-files -u | cut -f 2 | sort -u
        rm -f .git/index.lock; git reset -q --hard; git clean -qfdx

        """;

    /// <summary>What stands for the files where git itself broke down: some versions abort on a folder that both renamed and filled.</summary>
    public const string Aborted = "aborted";

    /// <summary>Null: it went through.</summary>
    public static string[]? Read(string said)
    {
        var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines[0] == "0" ? null : lines is ["128" or "134"] ? [Aborted] : [.. lines[1..].Select(line => Aside().Replace(line, "")).Distinct().Order(StringComparer.Ordinal)];
    }

    [GeneratedRegex("~(HEAD|other)(_[0-9]+)?$")]
    private static partial Regex Aside();
}
