using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCluster.SystemTests.Nodes;

namespace AgentCluster.SystemTests.Imports;

/// <summary>An export of an issue tracker (beads, JSON Lines), and what must come of it, worked out from the rows themselves.</summary>
internal sealed class IssueExport
{
    private readonly Dictionary<string, Issue> _issues;

    private IssueExport(string text)
    {
        Text = text;
        _issues = text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Read).ToDictionary(issue => issue.Id);
    }

    public string Text { get; }

    public int Count => _issues.Count;

    public bool IsShipped { get; private init; }

    /// <summary>Open issues without a blocker that is neither closed nor a tombstone.</summary>
    public int Ready => Open.Count(issue => issue.Blockers.All(IsSettled));

    /// <summary>Open issues that can be worked off: everything that blocks them, near or far, is settled or can be worked off too.</summary>
    public int Workable
    {
        get
        {
            HashSet<string> worked = [];
            while (Open.Where(issue => !worked.Contains(issue.Id) && issue.Blockers.All(id => IsSettled(id) || worked.Contains(id))).ToList() is { Count: > 0 } next)
            {
                worked.UnionWith(next.Select(issue => issue.Id));
            }

            return worked.Count;
        }
    }

    private IEnumerable<Issue> Open => _issues.Values.Where(issue => issue.Status == "open");

    /// <summary>The shipped file beside the repository, or else generated input of the same shape.</summary>
    public static IssueExport Load()
    {
        var shipped = Path.Combine(BuiltProgram.Root, "..", "shared", "data", "beads_issues.jsonl");
        return File.Exists(shipped) ? new(File.ReadAllText(shipped)) { IsShipped = true } : Generate(seed: 1);
    }

    /// <summary>Like the shipped file in its proportions: mostly closed, some deleted, chains of blockers, parents, no cycle.</summary>
    public static IssueExport Generate(int seed)
    {
        const int Size = 2500;
        var random = new Random(seed);
        var text = new StringBuilder();
        for (var number = 0; number < Size; number++)
        {
            var status = random.Next(1000) switch { < 815 => "closed", < 955 => "tombstone", < 992 => "open", < 998 => "hooked", _ => "in_progress" };
            var dependencies = new JsonArray();
            foreach (var target in Enumerable.Range(0, number == 0 ? 0 : random.Next(3)).Select(_ => random.Next(Math.Max(0, number - 60), number)).Distinct())
            {
                dependencies.Add(new JsonObject
                {
                    ["issue_id"] = $"gen-{number}",
                    ["depends_on_id"] = $"gen-{target}",
                    ["type"] = random.Next(10) switch { < 5 => "blocks", < 9 => "parent-child", _ => "discovered-from" },
                    ["created_at"] = "2025-11-02T22:23:49.475356-08:00",
                    ["created_by"] = "generator",
                });
            }

            text.Append(new JsonObject
            {
                ["id"] = $"gen-{number}",
                ["title"] = $"Täsk {number}: 直す",
                ["description"] = new string('x', random.Next(250)),
                ["status"] = status,
                ["priority"] = random.Next(5),
                ["issue_type"] = random.Next(10) switch { < 6 => "task", < 8 => "bug", 8 => "epic", _ => "event" },
                ["created_at"] = "2025-11-02T21:58:07.295058-08:00",
                ["updated_at"] = "2025-11-03T20:56:22.700641-08:00",
                ["dependencies"] = dependencies,
            }.ToJsonString()).Append('\n');
        }

        return new(text.ToString());
    }

    // What is not in the file blocks nothing.
    private bool IsSettled(string id) => !_issues.TryGetValue(id, out var issue) || issue.Status is "closed" or "tombstone";

    private static Issue Read(string line)
    {
        using var json = JsonDocument.Parse(line);
        var row = json.RootElement;
        var dependencies = row.TryGetProperty("dependencies", out var found) ? [.. found.EnumerateArray()] : Array.Empty<JsonElement>();
        return new(
            row.GetProperty("id").GetString()!,
            row.GetProperty("status").GetString()!,
            [.. dependencies.Where(dependency => dependency.GetProperty("type").GetString() == "blocks").Select(dependency => dependency.GetProperty("depends_on_id").GetString()!)]);
    }

    private sealed record Issue(string Id, string Status, IReadOnlyList<string> Blockers);
}
