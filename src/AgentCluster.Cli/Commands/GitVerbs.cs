using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentCluster.Cli.Fence;
using AgentCluster.Cli.Nodes;

namespace AgentCluster.Cli.Commands;

/// <summary>The fence reaches git: commits say under which claim they were made, and a superseded holder is stopped.</summary>
internal static class GitVerbs
{
    public static IEnumerable<Command> All(Verbs verbs) => [Install(verbs), Hook(verbs), Verify(verbs)];

    private static Option<string> Folder() => new("--folder")
    {
        Description = "The working copy. Default: where you stand.",
        HelpName = "DIR",
        DefaultValueFactory = _ => Directory.GetCurrentDirectory(),
    };

    private static Command Install(Verbs verbs)
    {
        var folder = Folder();
        var task = new Option<string>("--task") { Description = "The task that is worked on here.", HelpName = "ID", Required = true };
        var token = new Option<long>("--token") { Description = "The claim's token.", HelpName = "TOKEN", Required = true };
        var refuse = new Option<bool>("--refuse-when-away") { Description = "Also refuse commit and push while the node cannot be asked. Default: say so and let them through." };
        var command = new Command("install-hooks", "Binds a working copy to a claim: commits carry it, and commit and push are refused when another agent holds the task.") { folder, task, token, refuse };
        return verbs.Does(command, async (parsed, session, cancellationToken) =>
        {
            if (session.Target.Options is null)
            {
                session.Screen.Say(NodeClient.WrongAddress(session.Target).Words[0]);
                return ExitCodes.Usage;
            }

            var at = Path.GetFullPath(parsed.GetValue(folder)!);
            var said = await LocalGit.RunAsync(at, cancellationToken, "rev-parse", "--path-format=absolute", "--show-toplevel", "--absolute-git-dir", "--git-path", "hooks");
            if (said.Code != 0 || said.Output.Split('\n') is not [var root, var own, var hooks])
            {
                session.Screen.Say($"--folder: expected a working copy of git, found {at}: {said.Error}");
                return ExitCodes.Usage;
            }

            var binding = new Binding(session.Target.Address, parsed.GetValue(task)!, parsed.GetValue(token), parsed.GetValue(refuse));
            if (binding.ToString().Split('\n').Length != 5)
            {
                session.Screen.Say("--task: expected an id, found a line break.");
                return ExitCodes.Usage;
            }

            if (Hooks.Install(hooks, Program()) is { } inTheWay)
            {
                session.Screen.Say(inTheWay);
                return ExitCodes.Conflict;
            }

            await File.WriteAllTextAsync(Path.Combine(own, Binding.FileName), binding.ToString(), cancellationToken);
            session.Screen.Say($"Commits in {root} carry the claim {binding.Token} of {binding.Task}. To end it: rm {Path.Combine(own, Binding.FileName)}");
            return ExitCodes.Done;
        });
    }

    private static Command Hook(Verbs verbs)
    {
        var name = new Argument<string>("HOOK") { Description = "commit-msg or pre-push." };
        name.AcceptOnlyFromAmong([.. Hooks.Names]);
        var message = new Argument<string?>("FILE") { Description = "The message, for commit-msg.", Arity = ArgumentArity.ZeroOrOne };
        var folder = Folder();
        var command = new Command("hook", "What the hooks call.") { name, message, folder };
        command.Hidden = true;
        return verbs.Does(command, async (parsed, session, cancellationToken) =>
        {
            var at = Path.GetFullPath(parsed.GetValue(folder)!);
            var own = await LocalGit.RunAsync(at, cancellationToken, "rev-parse", "--absolute-git-dir");
            var file = Path.Combine(own.Output, Binding.FileName);
            if (own.Code != 0 || !File.Exists(file))
            {
                return ExitCodes.Done;
            }

            if (Binding.Read(await File.ReadAllTextAsync(file, cancellationToken)) is not { } binding)
            {
                session.Screen.Say($"agentcluster: expected node, task and token in {file}. 'pbm git install-hooks' writes it anew.");
                return ExitCodes.Failed;
            }

            var code = await Standing.CheckAsync(binding, session, cancellationToken);
            if (code != ExitCodes.Done || parsed.GetValue(message) is not { } text)
            {
                return code;
            }

            var written = await Trailers.WriteAsync(at, text, binding, cancellationToken);
            if (written.Code != 0)
            {
                session.Screen.Say($"agentcluster: git could not write the trailers into {text}: {written.Error}");
            }

            return written.Code == 0 ? ExitCodes.Done : ExitCodes.Failed;
        });
    }

    private static Command Verify(Verbs verbs)
    {
        var range = new Argument<string>("RANGE") { Description = "As git log takes it: origin/main..HEAD." };
        var folder = Folder();
        var unmarked = new Option<bool>("--allow-unmarked") { Description = "Let commits through that name no task, such as people's." };
        var command = new Command("verify", "Checks that every commit was made under a claim that still counts. Exit code 4 when one was not.") { range, folder, unmarked };
        return verbs.Does(command, async (parsed, session, cancellationToken) =>
        {
            var (commits, reason) = await MarkedCommit.ReadAsync(Path.GetFullPath(parsed.GetValue(folder)!), parsed.GetValue(range)!, cancellationToken);
            if (commits is null)
            {
                session.Screen.Say($"RANGE: expected commits of this working copy, found '{parsed.GetValue(range)}': {reason}");
                return ExitCodes.Usage;
            }

            var claims = new Dictionary<string, TaskClaims?>(StringComparer.Ordinal);
            using var node = new NodeClient(session.Target, session.Screen.Say);
            foreach (var task in commits.Select(commit => commit.Task).OfType<string>().Distinct())
            {
                var (failed, known) = await Verification.AskAsync(node, task, cancellationToken);
                if (failed is not null)
                {
                    session.Screen.Say(failed.Words);

                    return failed.ExitCode;
                }

                claims[task] = known;
            }

            var objections = Verification.Objections(commits, claims, parsed.GetValue(unmarked));
            Show(session, objections);
            session.Screen.Say($"{commits.Count} commits, {objections.Count} of them may not be brought in.");
            return objections.Count == 0 ? ExitCodes.Done : ExitCodes.Conflict;
        });
    }

    private static void Show(Session session, IReadOnlyList<Objection> objections)
    {
        var items = new JsonArray([.. objections.Select(one => (JsonNode)new JsonObject { ["commit"] = one.Commit, ["code"] = one.Code, ["detail"] = one.Detail })]);
        using var answer = JsonDocument.Parse(new JsonObject { ["items"] = items, ["total"] = objections.Count }.ToJsonString());
        session.Screen.Show(answer.RootElement, Listings.Of("commits", "commit", "code", "detail"));
    }

    // What runs now may be a test or 'dotnet pbm.dll'; the program that stands beside it can be called by its name.
    private static string Program()
    {
        var beside = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "pbm.exe" : "pbm");
        return File.Exists(beside) ? beside : "pbm";
    }
}
