namespace AgentCluster.Client;

/// <summary>Which node to ask, as whom, and for how long.</summary>
/// <param name="Address">Of any node of the cluster, such as <c>http://127.0.0.1:5080</c>; calls are led to the owner from there.</param>
public sealed record ClusterOptions(Uri Address)
{
    /// <summary>The secret to show: a key, or an agent's handle; null for none. It goes into a header and nowhere else.</summary>
    public string? Secret { get; init; }

    /// <summary>How long one call may take in all, its repeats included; a long poll waits that much longer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Times the waiting.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Hears, in a line, why a call takes long; null for nobody.</summary>
    public Action<string>? Delayed { get; init; }

    /// <summary>Makes the connections; null for the platform's own. It must not follow redirects: they would carry the secret elsewhere.</summary>
    public HttpMessageHandler? Handler { get; init; }
}
