namespace AgentCluster.Cli.Fence;

/// <summary>A commit, and what it says of the claim that it was made under.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Parents">Of those.</param>
/// <param name="Task">Null when it says none.</param>
/// <param name="Token">Null when it says none, or no number.</param>
internal sealed record MarkedCommit(string Id, IReadOnlyList<string> Parents, string? Task, long? Token)
{
    private const string Format = $"%H%x1f%P%x1f%(trailers:key={Trailers.Task},valueonly,separator=%x1e)%x1f%(trailers:key={Trailers.Token},valueonly,separator=%x1e)";

    /// <summary>The commits of a range.</summary>
    /// <returns>Null and a reason when git does not take the range.</returns>
    public static async Task<(IReadOnlyList<MarkedCommit>? Commits, string Reason)> ReadAsync(string folder, string range, CancellationToken cancellationToken)
    {
        var said = await LocalGit.RunAsync(folder, cancellationToken, "log", "--no-show-signature", "--no-color", "--topo-order", $"--format={Format}", "--end-of-options", range, "--");
        return said.Code == 0
            ? ([.. said.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Read)], "")
            : (null, said.Error);
    }

    private static MarkedCommit Read(string line)
    {
        var fields = line.Split('\u001f');
        return new(
            fields[0],
            fields[1].Split(' ', StringSplitOptions.RemoveEmptyEntries),
            Last(fields[2]),
            long.TryParse(Last(fields[3]), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var token) ? token : null);
    }

    private static string? Last(string values) => values.Split('\u001e')[^1].Trim() is { Length: > 0 } value ? value : null;
}
