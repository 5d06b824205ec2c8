using System.Text.Json;
using AgentCluster.Client;

namespace AgentCluster.Cli.Nodes;

/// <summary>Says a node's refusal to people: what was expected and found, what belongs to it, and what to do.</summary>
internal static class Refusal
{
    private static readonly Dictionary<string, string> Advice = new()
    {
        ["already_claimed"] = "Claim another one with 'pbm task next', or wait until the lease ends.",
        ["not_ready"] = "'pbm why TASK' tells what it waits for.",
        ["claim_superseded"] = "Stop working on it: the token is no longer the task's.",
        ["invalid_transition"] = "'pbm task show TASK' tells where it stands.",
        ["completion_rejected"] = "Do what the reasons ask for, and complete it again with the same token.",
        ["version_mismatch"] = "It was changed meanwhile: read it again, and change what is still to change.",
        ["unauthorized"] = "Give the secret in AGENTCLUSTER_KEY, or a file that holds it with --key-file.",
        ["forbidden"] = "Use a key or a handle that may do this.",
        ["dependency_cycle"] = "Leave out one of the dependencies.",
        ["storage_full"] = "Free space on the node's disk.",
    };

    /// <summary>The lines to say.</summary>
    /// <param name="problem">What the node answered.</param>
    public static IReadOnlyList<string> Words(Problem problem)
    {
        if (problem is not { Code: { } code, Detail: not null })
        {
            return [problem.Words];
        }

        List<string> words = [problem.Words];
        words.AddRange(problem.Json.EnumerateObject().Where(IsMore).Select(field => $"  {field.Name}: {field.Value}"));
        if (Advice.TryGetValue(code, out var advice))
        {
            words.Add(advice);
        }

        return words;
    }

    private static bool IsMore(JsonProperty field) => field.Name is not ("type" or "title" or "status" or "detail" or "code" or "instance");
}
