using AgentCluster.Bridge.Upkeep;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace AgentCluster.Node.Logs;

/// <summary>The least level that is written, changed while the process runs: every logger asks again when it is told so.</summary>
/// <param name="configured">What it begins with.</param>
internal sealed class LogLevelSwitch(LogLevel configured) : ILogLevel, IConfigureOptions<LoggerFilterOptions>, IOptionsChangeTokenSource<LoggerFilterOptions>
{
    private volatile ConfigurationReloadToken _change = new();
    private volatile LogLevel _level = configured;

    /// <inheritdoc/>
    public LogLevel Configured { get; } = configured;

    /// <inheritdoc/>
    public LogLevel Level
    {
        get => _level;

        set
        {
            _level = value;
            Interlocked.Exchange(ref _change, new()).OnReload();
        }
    }

    string IOptionsChangeTokenSource<LoggerFilterOptions>.Name => Options.DefaultName;

    /// <inheritdoc/>
    public void Configure(LoggerFilterOptions options) => options.MinLevel = Level;

    /// <inheritdoc/>
    public IChangeToken GetChangeToken() => _change;
}
