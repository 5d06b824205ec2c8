using System.CommandLine;
using System.Text.Json.Nodes;
using AgentCluster.Client.Calls;

namespace AgentCluster.Cli.Commands;

/// <summary>What an agent does with a task that it wants or holds.</summary>
internal static class ClaimVerbs
{
    public static IEnumerable<Command> All(Verbs verbs) =>
    [
        Claim(verbs),
        Next(verbs),
        Progress(verbs),
        Complete(verbs),
        Held(verbs, "fail", "Says that the work failed, and gives the task back.", fields => fields
            .Text("reason", "--reason", "Why.", required: true)
            .Flag("retryable", "--final", "Nobody shall try again: the task has failed.", value: false)),
        Held(verbs, "release", "Gives the task back to the queue.", fields => fields.Text("reason", "--reason", "Why.")),
        Held(verbs, "input", "Parks the task until a person answers; the claim is kept.", fields => fields
            .Argument("question", "QUESTION", "What you need to know.")),
        Review(verbs),
    ];

    private static Command Claim(Verbs verbs)
    {
        var id = TaskVerbs.Id();
        var command = new Command("claim", "Claims a task: nobody else may work on it while the lease lasts.") { id };
        var fields = Claimant(new Fields(command));
        return verbs.Writes(
            command, parsed => new(HttpMethod.Post, Caller.Path("tasks", parsed.GetValue(id)!, "claim"), fields.Read(parsed)), Listings.Claim);
    }

    private static Command Next(Verbs verbs)
    {
        var command = new Command("next", "Claims the best ready task. Exit code 3 when nothing is ready.");
        var fields = Claimant(new Fields(command))
            .Text("project", "--project", "Of this project. Default: default.")
            .Texts("capabilities", "--capability", "What the agent can do, if not all that it is registered with.");
        return verbs.Writes(
            command,
            parsed => new(HttpMethod.Post, "/api/v1/tasks/claim/", fields.Read(parsed)),
            Listings.Claim,
            new("Nothing is ready. 'pbm task list' shows what there is, and 'pbm why TASK' what it waits for.", ExitCodes.NotFound));
    }

    private static Fields Claimant(Fields fields) => fields
        .Text("agent", "--agent", "Who claims it.", required: true)
        .Whole("lease_seconds", "--lease", "How many seconds the claim lasts without a sign of life. Default: 1800.");

    private static Command Progress(Verbs verbs) => Held(verbs, "progress", "Says that work goes on; the lease begins anew.", fields => fields
        .Whole("percent", "--percent", "How much is done, 0 to 100.")
        .Text("note", "--note", "What happened.")
        .Cost());

    private static Command Complete(Verbs verbs) => Held(verbs, "complete", "Says that the work is done.", fields => fields
        .Text("result_summary", "--summary", "What came of it.", required: true)
        .Criteria()
        .Texts("evidence.files", "--file", "A file that shows it.")
        .Texts("evidence.files_created", "--file-created", "A file that was created.")
        .Texts("evidence.files_modified", "--file-modified", "A file that was changed.")
        .Texts("evidence.commits", "--commit", "A commit.")
        .Amount("evidence.hours", "--hours", "How many hours it took.")
        .Whole("evidence.duration_ms", "--worked-ms", "How many milliseconds it took.")
        .Text("evidence.summary", "--brief", "In short, for who checks it.")
        .Cost()
        .Value(
            new Option<bool>("--next") { Description = "Claim the next ready task of the project at the same time." },
            "claim_next",
            said => said ? new JsonObject() : null));

    private static Command Review(Verbs verbs)
    {
        var id = TaskVerbs.Id();
        var command = new Command("review", "Accepts a completion, or returns it.") { id };
        var accept = new Option<bool>("--accept") { Description = "It is done." };
        var reject = new Option<bool>("--return") { Description = "It is not; say why with --reason." };
        command.Options.Add(reject);
        command.Validators.Add(result =>
        {
            if (result.GetValue(accept) == result.GetValue(reject))
            {
                result.AddError("Expected one of --accept and --return.");
            }
        });
        var fields = new Fields(command)
            .Text("agent", "--agent", "The reviewer.", required: true)
            .Value(accept, "accept", said => JsonValue.Create(said))
            .Texts("reasons", "--reason", "What is missing.");
        return verbs.Writes(
            command, parsed => new(HttpMethod.Post, Caller.Path("tasks", parsed.GetValue(id)!, "review"), fields.Read(parsed)), Listings.Fields);
    }

    private static Command Held(Verbs verbs, string verb, string description, Func<Fields, Fields> more)
    {
        var id = TaskVerbs.Id();
        var command = new Command(verb, description) { id };
        var fields = more(new Fields(command).Whole("token", "--token", "The claim's token.", required: true));
        return verbs.Writes(
            command, parsed => new(HttpMethod.Post, Caller.Path("tasks", parsed.GetValue(id)!, verb), fields.Read(parsed)), Listings.Claim);
    }
}
