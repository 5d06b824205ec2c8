using System.Collections.Frozen;
using Microsoft.Extensions.Logging;

namespace AgentCluster.Bridge.Upkeep;

/// <summary>How much a node writes to its log. It may be read and set at the same time.</summary>
public interface ILogLevel
{
    /// <summary>The levels that can be asked for, by the words that the configuration knows too.</summary>
    static FrozenDictionary<string, LogLevel> Words { get; } = new Dictionary<string, LogLevel>
    {
        ["debug"] = LogLevel.Debug,
        ["information"] = LogLevel.Information,
        ["warning"] = LogLevel.Warning,
        ["error"] = LogLevel.Error,
    }.ToFrozenDictionary();

    /// <summary>The words, in order.</summary>
    static IReadOnlyList<string> Names { get; } = [.. Words.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The word for a level.</summary>
    /// <param name="level">One of <see cref="Words"/>.</param>
    static string Word(LogLevel level) => Words.First(word => word.Value == level).Key;

    /// <summary>What is less than this is not written. It holds until the node ends.</summary>
    LogLevel Level { get; set; }

    /// <summary>What the node was started with, and begins with again.</summary>
    LogLevel Configured { get; }
}
