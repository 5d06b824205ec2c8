using System.Globalization;

namespace AgentCluster.Cli.Fence;

/// <summary>What a commit's message says of the claim that it was made under.</summary>
internal static class Trailers
{
    public const string Task = "AgentCluster-Task";
    public const string Token = "AgentCluster-Token";

    /// <summary>Writes them into a message that is about to be used. One that is still empty stays so: git then gives up by itself.</summary>
    public static async Task<GitSaid> WriteAsync(string folder, string message, Binding binding, CancellationToken cancellationToken)
    {
        var lines = await File.ReadAllLinesAsync(Path.GetFullPath(message, folder), cancellationToken);
        var isEmpty = lines.TakeWhile(line => !line.Contains(">8", StringComparison.Ordinal)).All(line => line.Length == 0 || line.StartsWith('#') || string.IsNullOrWhiteSpace(line));
        return isEmpty
            ? new(0, "", "")
            : await LocalGit.RunAsync(
                folder,
                cancellationToken,
                "interpret-trailers", "--in-place", "--no-divider", "--if-exists", "replace",
                "--trailer", $"{Task}: {binding.Task}",
                "--trailer", string.Create(CultureInfo.InvariantCulture, $"{Token}: {binding.Token}"),
                "--", message);
    }
}
