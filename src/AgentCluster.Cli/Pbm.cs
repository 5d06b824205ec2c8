using System.CommandLine;
using AgentCluster.Cli.Commands;
using AgentCluster.Cli.Nodes;
using AgentCluster.Cli.Output;

namespace AgentCluster.Cli;

/// <summary>The program: reads the command line, asks the node once, shows what it says.</summary>
internal static class Pbm
{
    /// <summary>Runs one command.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="data">Gets what was asked for, and nothing else.</param>
    /// <param name="words">Gets everything that is said to people.</param>
    /// <param name="isTerminal">Whether <paramref name="data"/> is one.</param>
    /// <param name="variable">The value of an environment variable; null when it is not set.</param>
    /// <param name="input">What is said to it; null for nothing.</param>
    /// <returns>One of <see cref="ExitCodes"/>.</returns>
    public static async Task<int> RunAsync(
        string[] args, TextWriter data, TextWriter words, bool isTerminal, Func<string, string?> variable, TextReader? input = null)
    {
        var node = new Option<string>("--node")
        {
            Description = "The node's address; also AGENTCLUSTER_URL.",
            HelpName = "URL",
            Recursive = true,
            DefaultValueFactory = _ => variable("AGENTCLUSTER_URL") is { Length: > 0 } url ? url : "http://127.0.0.1:5080",
        };
        var format = new Option<string>("--output", "-o")
        {
            Description = "How it is shown; a table on a terminal, text in a pipe.",
            HelpName = "table|json|text",
            Recursive = true,
            DefaultValueFactory = _ => isTerminal ? "table" : "text",
        };
        format.AcceptOnlyFromAmong("table", "json", "text");

        var keyFile = new Option<string?>("--key-file")
        {
            Description = "A file whose first line is your key or handle; also AGENTCLUSTER_KEY. Never on the command line, where others see it.",
            HelpName = "FILE",
            Recursive = true,
        };
        var timeout = new Option<int>("--timeout")
        {
            Description = "How many seconds to wait for the node, 1 to 3600.",
            HelpName = "SECONDS",
            Recursive = true,
            DefaultValueFactory = _ => 30,
        };
        timeout.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 3_600)
            {
                result.AddError("--timeout: expected 1 to 3600 seconds.");
            }
        });

        var root = Tree.Root(new(parsed =>
        {
            var (key, wrong) = Secrets.Read(parsed.GetValue(keyFile), variable("AGENTCLUSTER_KEY"));
            return new(
                new(parsed.GetValue(node)!, key, TimeSpan.FromSeconds(parsed.GetValue(timeout))),
                new(data, words, parsed.GetValue(format)!, isTerminal, variable("NO_COLOR") is { Length: > 0 }),
                wrong);
        }), input ?? TextReader.Null);
        foreach (var option in new Option[] { node, format, keyFile, timeout })
        {
            root.Options.Add(option);
        }

        var result = root.Parse(args);
        // A line that is being completed is not whole yet.
        if (result.Errors.Count > 0 && !args.FirstOrDefault("").StartsWith("[suggest", StringComparison.Ordinal))
        {
            foreach (var error in result.Errors)
            {
                await words.WriteLineAsync(Printable.Of(error.Message));
            }

            await words.WriteLineAsync("Try 'pbm --help'.");
            return ExitCodes.Usage;
        }

        return await result.InvokeAsync(new InvocationConfiguration { Output = data, Error = words, EnableDefaultExceptionHandler = false });
    }
}
