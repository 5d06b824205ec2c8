namespace AgentCluster.Workers.Git;

/// <summary>
/// What git finds around it: nothing of the node's own environment, and no program of any name on the path. It asks nobody, talks to no
/// network, and reads the configuration of neither the machine nor the user.
/// </summary>
internal static class GitEnvironment
{
    /// <summary>The variables of every call.</summary>
    public static IReadOnlyList<(string Name, string Value)> Closed { get; } =
    [
        ("PATH", "/dev/null"),
        ("LC_ALL", "C"),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_ATTR_NOSYSTEM", "1"),
        ("GIT_OPTIONAL_LOCKS", "0"),
        ("GIT_TERMINAL_PROMPT", "0"),
        ("GIT_ALLOW_PROTOCOL", ""),
        ("GIT_NO_LAZY_FETCH", "1"),
        ("GIT_LITERAL_PATHSPECS", "1"),
        ("GIT_AUTHOR_NAME", "agentcluster"),
        ("GIT_AUTHOR_EMAIL", "agentcluster@localhost"),
        ("GIT_AUTHOR_DATE", "@0 +0000"),
        ("GIT_COMMITTER_NAME", "agentcluster"),
        ("GIT_COMMITTER_EMAIL", "agentcluster@localhost"),
        ("GIT_COMMITTER_DATE", "@0 +0000"),
    ];

    /// <summary>
    /// Stands before the name of the command. It outranks every file of configuration, for the few calls that must look at a repository's own.
    /// The owner of the repository does not matter, because nothing that it names is run.
    /// </summary>
    public static IReadOnlyList<string> Options { get; } =
    [
        "--no-pager",
        "-c", "core.hooksPath=/dev/null",
        "-c", "core.fsmonitor=false",
        "-c", "core.untrackedCache=false",
        "-c", "protocol.allow=never",
        "-c", "safe.directory=*",
        "-c", "advice.detachedHead=false",
    ];
}
