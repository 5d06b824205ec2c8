using System.Globalization;
using System.Text.Json;
using AgentCluster.Cli.Nodes;
using AgentCluster.Client.Calls;

namespace AgentCluster.Cli.Fence;

/// <summary>Why a commit may not be brought in.</summary>
/// <param name="Commit">Its name.</param>
/// <param name="Code">The kind of reason.</param>
/// <param name="Detail">For people.</param>
internal sealed record Objection(string Commit, string Code, string Detail);

/// <summary>What is known of a task's claims.</summary>
/// <param name="Granted">Every token that was granted.</param>
/// <param name="Last">The largest of them.</param>
/// <param name="Stands">Whether the last one holds the task, or completed it.</param>
/// <param name="Status">The task's.</param>
internal sealed record TaskClaims(IReadOnlySet<long> Granted, long Last, bool Stands, string Status);

/// <summary>
/// Whether a range of commits may be brought in: each one says its task and token, the token was granted for the task, and it is the last
/// one, which holds the task or completed it. A commit under an earlier token counts where the last holder built on it.
/// </summary>
internal static class Verification
{
    /// <summary>Looks at every commit.</summary>
    /// <param name="commits">All of the range.</param>
    /// <param name="claims">Per task that one of them names; null where there is no such task.</param>
    /// <param name="allowUnmarked">Whether a commit that names no task is left alone. A merge always is.</param>
    public static IReadOnlyList<Objection> Objections(
        IReadOnlyList<MarkedCommit> commits, IReadOnlyDictionary<string, TaskClaims?> claims, bool allowUnmarked)
    {
        var objections = new List<Objection>();
        var builtOn = claims.Where(task => task.Value is not null).ToDictionary(task => task.Key, task => BuiltOn(commits, task.Key, task.Value!.Last));
        foreach (var commit in commits)
        {
            if (commit.Task is null && commit.Token is null && (allowUnmarked || commit.Parents.Count > 1))
            {
                continue;
            }

            var (code, detail) = commit switch
            {
                { Task: null } or { Token: null } => ("unmarked", $"Expected the trailers {Trailers.Task} and {Trailers.Token}; it was committed without the hooks."),
                { Task: var task } when claims[task] is null => ("unknown_task", $"There is no task {task} on this node."),
                { Task: var task, Token: { } token } when !claims[task]!.Granted.Contains(token) =>
                    ("unknown_token", string.Create(CultureInfo.InvariantCulture, $"The token {token} was never granted for the task {task}.")),
                { Task: var task, Token: { } token } when token != claims[task]!.Last && !builtOn[task].Contains(commit.Id) =>
                    ("superseded", string.Create(CultureInfo.InvariantCulture, $"It was made under the token {token}; the task {task} was granted again under {claims[task]!.Last}, whose holder did not build on it.")),
                { Task: var task } when !claims[task]!.Stands =>
                    ("not_held", $"The last claim of the task {task} ended without completing it; the task is {claims[task]!.Status}."),
                _ => ("", ""),
            };
            if (code.Length > 0)
            {
                objections.Add(new(commit.Id, code, detail));
            }
        }

        return objections;
    }

    /// <summary>Asks the node for what is known of a task's claims.</summary>
    /// <returns>Exit code 0 and the claims, or null when there is no such task; else why it could not be asked.</returns>
    public static async Task<(NodeAnswer? Failed, TaskClaims? Claims)> AskAsync(NodeClient node, string task, CancellationToken cancellationToken)
    {
        var shown = await node.SendAsync(new(HttpMethod.Get, Caller.Path("tasks", task)) { IsPatient = true }, cancellationToken);
        if (shown.Answer is not { } facts)
        {
            return shown.ExitCode is ExitCodes.NotFound or ExitCodes.Usage ? (null, null) : (shown, null);
        }

        var granted = new HashSet<long>();
        for (var read = 0; ;)
        {
            var page = await node.SendAsync(new(HttpMethod.Get, $"{Caller.Path("tasks", task, "history")}?limit=200&offset={read.ToString(CultureInfo.InvariantCulture)}") { IsPatient = true }, cancellationToken);
            if (page.Answer is not { } history)
            {
                return (page, null);
            }

            var items = history.GetProperty("items");
            granted.UnionWith(items.EnumerateArray().Where(item => item.GetProperty("name").GetString() == "task_claimed").Select(item => item.GetProperty("data").GetProperty("token").GetInt64()));
            read += items.GetArrayLength();
            if (items.GetArrayLength() == 0 || read >= history.GetProperty("total").GetInt32())
            {
                break;
            }
        }

        var last = granted.DefaultIfEmpty(0).Max();
        var status = facts.GetProperty("status").GetString()!;
        var holds = facts.GetProperty("claim") is { ValueKind: JsonValueKind.Object } claim && claim.GetProperty("token").GetInt64() == last;
        return (null, new(granted, last, holds || status == "completed", status));
    }

    // The commits of the last holder of a task, and all that they descend from.
    private static HashSet<string> BuiltOn(IReadOnlyList<MarkedCommit> commits, string task, long last)
    {
        var byId = commits.ToDictionary(commit => commit.Id);
        var found = new HashSet<string>();
        var open = new Stack<string>(commits.Where(commit => commit.Task == task && commit.Token == last).Select(commit => commit.Id));
        while (open.TryPop(out var id))
        {
            if (found.Add(id) && byId.TryGetValue(id, out var commit))
            {
                foreach (var parent in commit.Parents)
                {
                    open.Push(parent);
                }
            }
        }

        return found;
    }
}
