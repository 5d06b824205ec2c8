using System.CommandLine;

namespace AgentCluster.Cli.Commands;

/// <summary><c>pbm completion</c>: what a shell needs to complete the words of a command.</summary>
internal static class CompletionVerb
{
    // Each asks pbm itself, with the line behind its name and the place in it.
    private static readonly Dictionary<string, string> Scripts = new(StringComparer.Ordinal)
    {
        ["bash"] = """
            _pbm() {
              local line="${COMP_LINE#* }" place=$((COMP_POINT - ${#COMP_WORDS[0]} - 1)) IFS=$'\n'
              COMPREPLY=($(compgen -W "$(pbm "[suggest:$place]" "$line" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            }
            complete -o default -F _pbm pbm
            """,
        ["zsh"] = """
            _pbm() {
              local line="${BUFFER#* }" place=$((CURSOR - ${#words[1]} - 1))
              compadd -- ${(f)"$(pbm "[suggest:$place]" "$line" 2>/dev/null)"}
            }
            compdef _pbm pbm
            """,
        ["fish"] = """
            complete --command pbm --no-files --arguments '(begin
              set line (string replace --regex "^\S+ ?" "" -- (commandline --cut-at-cursor))
              pbm "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end)'
            """,
    };

    public static Command Of(Verbs verbs)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong([.. Scripts.Keys]);
        return verbs.Does(
            new("completion", "Prints what completes pbm's words in a shell: eval \"$(pbm completion bash)\".") { shell },
            (parsed, session, _) =>
            {
                session.Screen.Write(Scripts[parsed.GetValue(shell)!]);
                return Task.FromResult(ExitCodes.Done);
            });
    }
}
