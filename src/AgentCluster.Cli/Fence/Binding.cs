using System.Globalization;

namespace AgentCluster.Cli.Fence;

/// <summary>
/// The claim that a working copy is worked on under. It lies in git's own folder of that working copy, so each one has its own, though the
/// hooks are the repository's. No secret is in it.
/// </summary>
/// <param name="Node">The node's address.</param>
/// <param name="Task">The task.</param>
/// <param name="Token">The claim's.</param>
/// <param name="RefuseWhenAway">Whether a commit is refused where the node cannot be asked.</param>
internal sealed record Binding(string Node, string Task, long Token, bool RefuseWhenAway)
{
    /// <summary>The file's name; the hooks look for it by themselves, so that other working copies cost nothing.</summary>
    public const string FileName = "agentcluster-claim";

    /// <summary>What stands in the file; the hooks search it for a line.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"node={Node}\ntask={Task}\ntoken={Token}\nwhen-away={(RefuseWhenAway ? "refuse" : "allow")}\n");

    /// <summary>Reads the file; null when it is none.</summary>
    public static Binding? Read(string text)
    {
        var fields = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2)
            .GroupBy(pair => pair[0]).ToDictionary(pair => pair.Key, pair => pair.First()[1]);
        return fields.TryGetValue("node", out var node) && fields.TryGetValue("task", out var task) && fields.TryGetValue("token", out var said)
            && long.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out var token)
            ? new(node, task, token, fields.GetValueOrDefault("when-away") == "refuse")
            : null;
    }
}
