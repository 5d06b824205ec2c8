namespace AgentCluster.Storage.Directories;

/// <summary>The data directory cannot be used.</summary>
/// <param name="message">What was expected, what was found, what to do.</param>
/// <param name="cause">What the operating system said.</param>
public sealed class DataDirectoryException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>Another process holds the data directory: exit code 73.</summary>
/// <param name="path">The directory.</param>
/// <param name="process">The holder's process id; null when it is not known yet.</param>
/// <param name="url">Where the holder answers; null when it is not known yet.</param>
public sealed class DataDirectoryInUseException(string path, int? process, string? url) : Exception(
    $"The data directory {path} is in use by {(process is { } id ? $"process {id}" : "another process")}" +
    $"{(url is null ? "" : $" at {url}")}. Stop that one, or start this one with another --data.")
{
    /// <summary>The holder's process id; null when it is not known yet.</summary>
    public int? Process { get; } = process;

    /// <summary>Where the holder answers; null when it is not known yet.</summary>
    public string? Url { get; } = url;
}
