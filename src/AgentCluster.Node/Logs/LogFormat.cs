namespace AgentCluster.Node.Logs;

/// <summary>How a log line is written.</summary>
internal enum LogFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>An object a line, for programs.</summary>
    Json,
}
