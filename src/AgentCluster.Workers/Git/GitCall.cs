namespace AgentCluster.Workers.Git;

/// <summary>One call of git, without a shell: what stands in an argument is never anything but an argument.</summary>
/// <param name="Folder">Where it runs; an absolute path.</param>
/// <param name="Arguments">From the name of the command on. Whatever comes from outside stands behind <c>--end-of-options</c>.</param>
internal sealed record GitCall(string Folder, params string[] Arguments)
{
    /// <summary>What it finds in its environment beside <see cref="GitEnvironment"/>; null takes away what stands there.</summary>
    public IReadOnlyList<(string Name, string? Value)> Environment { get; init; } = [];

    /// <summary>What it reads from its input.</summary>
    public ReadOnlyMemory<byte> Input { get; init; }
}
