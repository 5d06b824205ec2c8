using AgentCluster.Bridge.Operations;
using AgentCluster.Bridge.Problems;
using AgentCluster.Bridge.Shapes;
using AgentCluster.Domain;

namespace AgentCluster.Bridge.Live;

/// <summary>What to follow, and from where on; in the query.</summary>
internal sealed class EventsRequest : IOfProject
{
    private const int MostChannels = 64;

    public static Shape<EventsRequest> Shape { get; } = new Shape<EventsRequest>()
        .Text("after", CursorText.Longest, (request, value) => request.After = value)
        .Text("channels", MostChannels * Bounds.NameLength, (request, value) => request.Named = value);

    /// <summary>A cursor as the caller wrote it; null for from now on.</summary>
    public string? After { get; private set; }

    private string? Named { get; set; }

    /// <summary>Reads the names of the channels.</summary>
    /// <param name="channels">None for everything.</param>
    /// <returns>What is wrong with them, or null.</returns>
    public Problem? TryReadChannels(out HashSet<string> channels)
    {
        string[] named = Named is null ? [] : Named.Split(',');
        channels = named.ToHashSet(StringComparer.Ordinal);
        if (channels.Count > MostChannels)
        {
            return Problem.Invalid("channels", $"must name at most {MostChannels} channels, found {channels.Count}.");
        }

        var wrong = channels.FirstOrDefault(channel => !IsChannel(channel));
        return wrong is null
            ? null
            : Problem.Invalid(
                "channels", $"must be a list like 'epic:ID,project:NAME,task:ID,agent:ID', found '{Faults.Shown(wrong)}'.");
    }

    /// <summary>Whether it follows this project and nothing else: an epic or a task may be of any.</summary>
    /// <inheritdoc/>
    public bool IsWithin(string project) => Named == "project:" + project;

    private static bool IsChannel(string channel) => EventChannels.Prefixes.Any(
        prefix => channel.StartsWith(prefix, StringComparison.Ordinal) && Storable.IsName(channel[prefix.Length..]));
}
