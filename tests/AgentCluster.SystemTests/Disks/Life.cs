using AgentCluster.SystemTests.Load;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Disks;

/// <summary>One life of a node on a disk with a fault: start, a few clients, the signal to stop, the end.</summary>
internal static class Life
{
    private const int Answers = 10;

    // Three clients' commits are made one by one or together, as they happen to come: a life with a fault has four times the
    // answers of the one that was watched, so that it makes every call of that one however they come.
    private const int AnswersToFault = 4 * Answers;

    /// <summary>The exit code of a process that was killed.</summary>
    public const int Killed = 128 + 9;

    /// <summary>Lives it.</summary>
    /// <param name="data">Its data.</param>
    /// <param name="crew">Its clients; they remember what they were told.</param>
    /// <param name="fault">What becomes of its disk.</param>
    /// <param name="cancellationToken">The test's deadline.</param>
    /// <returns>The exit code; null when it ended before it was ready.</returns>
    public static async Task<int?> OfAsync(DataFolder data, Crew crew, Fault fault, CancellationToken cancellationToken)
    {
        NodeProcess node;
        try
        {
            node = await NodeProcess.StartAsync(data.Path, cancellationToken, fault: fault);
        }
        catch (InvalidOperationException)
        {
            return null;
        }

        await using (node)
        {
            await crew.WorkAsync(node.Address, fault.Effect.Length == 0 ? Answers : AnswersToFault, node.Terminate, CancellationToken.None);
            await node.ExitedAsync(cancellationToken);
            return node.ExitCode;
        }
    }

    /// <summary>Starts the node again on a sound disk, lets the clients go on, and holds all that anybody was told against what is found.</summary>
    /// <param name="data">Its data.</param>
    /// <param name="crews">All that ever worked on it; the last one goes on.</param>
    /// <param name="cancellationToken">The test's deadline.</param>
    public static async Task<IReadOnlyList<string>> ViolationsAsync(DataFolder data, IReadOnlyList<Crew> crews, CancellationToken cancellationToken)
    {
        await using var node = await NodeProcess.StartAsync(data.Path, cancellationToken);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await crews[^1].WorkAsync(node.Address, Answers, enough.Cancel, enough.Token);
        using var client = new NodeClient(node.Address);
        List<string> violations = [.. (await client.GetAsync("/api/v1/node/examination/?full=true", cancellationToken)).Json.GetProperty("items").EnumerateArray()
            .Where(finding => finding.GetProperty("check").GetString() is "integrity" or "durability" && finding.GetProperty("condition").GetString() != "ok")
            .Select(finding => finding.GetRawText())];
        foreach (var crew in crews)
        {
            violations.AddRange(await crew.CheckAsync(node.Address, cancellationToken));
        }

        return violations;
    }
}
