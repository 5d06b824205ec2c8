using AgentCluster.Cli.Commands;
using AgentCluster.Cli.Nodes;
using AgentCluster.Client.Calls;

namespace AgentCluster.Cli.Fence;

/// <summary>Asks a node whether a claim still stands. To ask is a sign of life: the lease begins anew.</summary>
internal static class Standing
{
    // A person waits for the commit.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>How a hook ends, and says why.</summary>
    /// <param name="binding">The claim.</param>
    /// <param name="session">As whom is asked, and where is said what.</param>
    /// <param name="cancellationToken">Stops the waiting.</param>
    public static async Task<int> CheckAsync(Binding binding, Session session, CancellationToken cancellationToken)
    {
        using var client = new NodeClient(new(binding.Node, session.Target.Key, Patience), _ => { });
        var (code, answer, words) = await client.SendAsync(
            new(HttpMethod.Post, Caller.Path("tasks", binding.Task, "progress"), new() { ["token"] = binding.Token }), cancellationToken);
        if (answer is { } still)
        {
            if (still.TryGetProperty("cancel_requested", out var cancelled) && cancelled.ValueKind == System.Text.Json.JsonValueKind.True)
            {
                session.Screen.Say($"agentcluster: the task {binding.Task} was cancelled; nobody waits for this work.");
            }

            return ExitCodes.Done;
        }

        var said = words.Count > 0 ? words[0] : $"the node answered with exit code {code}";
        if (code == ExitCodes.Conflict && !said.StartsWith("claim_superseded", StringComparison.Ordinal))
        {
            return ExitCodes.Done; // The claim ended by its own holder's word: the work of it may still be brought in.
        }

        if (code is ExitCodes.Conflict or ExitCodes.NotFound)
        {
            foreach (var line in words)
            {
                session.Screen.Say($"agentcluster: {line}");
            }

            session.Screen.Say($"agentcluster: refused, because this working copy is under the claim {binding.Token} of the task {binding.Task}. Claim the task again and say the new token with 'pbm git install-hooks --task {binding.Task} --token TOKEN'.");
            return ExitCodes.Conflict;
        }

        session.Screen.Say($"agentcluster: {said}");
        session.Screen.Say(binding.RefuseWhenAway
            ? "agentcluster: refused, because it cannot be known whether the claim is still yours, and this working copy was set to refuse then."
            : "agentcluster: whether the claim is still yours was not found out; 'pbm git verify' will tell.");
        return binding.RefuseWhenAway ? ExitCodes.Unreachable : ExitCodes.Done;
    }
}
