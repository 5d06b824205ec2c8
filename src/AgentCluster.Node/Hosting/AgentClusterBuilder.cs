using AgentCluster.Node.Settings;

namespace AgentCluster.Node.Hosting;

/// <summary>Says what an embedded node is set to. The last word counts: defaults, files, environment variables, then <see cref="With"/>.</summary>
public sealed class AgentClusterBuilder
{
    private readonly List<string> _files = [];
    private readonly List<Override> _overrides = [];

    internal AgentClusterBuilder()
    {
    }

    /// <summary>Reads a configuration file when the node starts.</summary>
    /// <param name="path">Absolute, or relative to the working directory. A missing file keeps the host from starting.</param>
    public AgentClusterBuilder WithHocon(string path)
    {
        _files.Add(path);
        return this;
    }

    /// <summary>Sets one key; <c>hocon/reference.conf</c> has them all.</summary>
    /// <param name="key">For example <c>agentcluster.http.port</c>.</param>
    /// <param name="value">As it would stand in a file, without quotes.</param>
    public AgentClusterBuilder With(string key, string value)
    {
        _overrides.Add(new(key, value, "the program"));
        return this;
    }

    internal Configuration Read() => Configuration.Read(_files, _overrides, Environment.GetEnvironmentVariable);
}
