using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Repositories;

/// <summary>Whether two names that differ only in case are two files in a repository: what git calls <c>core.ignorecase</c>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PathCase>))]
public enum PathCase
{
    /// <summary>They are two.</summary>
    [JsonStringEnumMemberName("kept")]
    Kept,

    /// <summary>They are one, as on most macOS and Windows file systems.</summary>
    [JsonStringEnumMemberName("ignored")]
    Ignored,
}
