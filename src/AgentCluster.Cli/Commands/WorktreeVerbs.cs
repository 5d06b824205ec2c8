using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCluster.Cli.Output;
using AgentCluster.Client.Calls;

namespace AgentCluster.Cli.Commands;

/// <summary>Who works in which copy of a repository, and what merges would come to.</summary>
internal static class WorktreeVerbs
{
    private static Func<JsonElement, Listing> Worktrees { get; } = Listings.Of("worktrees", "name", "agent", "branch", "base", "path", "problem");

    public static IEnumerable<Command> All(Verbs verbs) => [List(verbs), Put(verbs), Touch(verbs), Remove(verbs)];

    public static Command Forecast(Verbs verbs)
    {
        var repository = Repository();
        return verbs.Reads(
            new("forecast", "Shows what a merge of each two worktrees, or of one with its base, would come to, with all work that is not committed.") { repository },
            parsed => Path(parsed, repository, "forecast/"),
            Pairs);
    }

    private static Argument<string> Repository() => new("REPOSITORY") { Description = "A name that all who work on it use." };

    private static Argument<string> Name() => new("NAME") { Description = "The worktree's name, unique in the repository." };

    private static Command List(Verbs verbs)
    {
        var repository = Repository();
        return verbs.Reads(new("list", "Lists the worktrees of a repository.") { repository }, parsed => Path(parsed, repository, "worktrees/"), Worktrees);
    }

    private static Command Put(Verbs verbs)
    {
        var (repository, name) = (Repository(), Name());
        var path = new Option<string?>("--path") { Description = "Where it lies, for a node on the same machine to look into it. Default: nobody looks.", HelpName = "DIR" };
        var command = new Command("put", "Makes a worktree known: from now on its merges are foreseen.") { repository, name };
        var fields = new Fields(command)
            .Text("agent", "--agent", "Who works there.", required: true)
            .Text("branch", "--branch", "What is checked out there.", required: true)
            .Text("base", "--base", "What the work is to be merged into.", required: true)
            .Text("task_id", "--task", "The task that is worked on there.")
            .Value(path, "path", said => said is null ? null : JsonValue.Create(System.IO.Path.GetFullPath(said)));
        return verbs.Writes(command, parsed => new(HttpMethod.Put, Path(parsed, repository, "worktrees", name), fields.Read(parsed)), Listings.Fields);
    }

    private static Command Touch(Verbs verbs)
    {
        var (repository, name) = (Repository(), Name());
        var command = new Command("touch", "Says which more files are worked on there, where no node can look.") { repository, name };
        var fields = new Fields(command).Texts("files", "--file", "A path from the repository's root on.");
        return verbs.Writes(command, parsed => new(HttpMethod.Post, Path(parsed, repository, "worktrees", name) + "touched/", fields.Read(parsed)), Listings.Fields);
    }

    private static Command Remove(Verbs verbs)
    {
        var (repository, name) = (Repository(), Name());
        return verbs.Writes(
            new("remove", "Forgets a worktree, whose work is merged or given up. Its files stay.") { repository, name },
            parsed => new(HttpMethod.Delete, Path(parsed, repository, "worktrees", name)),
            Listings.Fields);
    }

    private static Listing Pairs(JsonElement answer)
    {
        var pairs = answer.GetProperty("pairs");
        return new(
            ["a", "b", "verdict", "what"],
            [.. pairs.EnumerateArray().Select(pair => (string[])[Listings.At(pair, "a"), pair.GetProperty("b").GetString() ?? "(its base)", Listings.At(pair, "verdict"), What(pair)])],
            FormattableString.Invariant($"{pairs.GetArrayLength()} pairs"));
    }

    private static string What(JsonElement pair)
    {
        var files = pair.GetProperty("files").EnumerateArray().Zip(pair.GetProperty("kinds").EnumerateArray(), (file, kind) => $"{file.GetString()} ({kind.GetString()})");
        return string.Join(", ", files.Concat(pair.GetProperty("detail").GetString() is { } detail ? [detail] : [])) is { Length: > 0 } said ? said : "-";
    }

    private static string Path(ParseResult parsed, Argument<string> repository, string rest) => Caller.Path("repositories", parsed.GetValue(repository)!) + rest;

    private static string Path(ParseResult parsed, Argument<string> repository, string collection, Argument<string> name) =>
        Path(parsed, repository, $"{collection}/{Uri.EscapeDataString(parsed.GetValue(name)!)}/");
}
