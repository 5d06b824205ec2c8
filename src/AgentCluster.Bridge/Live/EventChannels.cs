using AgentCluster.Actors;
using AgentCluster.Domain;

namespace AgentCluster.Bridge.Live;

/// <summary>What an event is about, as those who follow write it: <c>project:P</c>, <c>epic:ID</c>, <c>task:ID</c>, <c>agent:ID</c>, <c>repository:R</c>.</summary>
internal static class EventChannels
{
    /// <summary>The kinds of channels.</summary>
    public static IReadOnlyList<string> Prefixes { get; } = ["project:", "epic:", "task:", "agent:", "repository:"];

    /// <summary>Every channel of an event.</summary>
    /// <param name="stored">Of the journal.</param>
    public static string[] Of(StoredEvent stored)
    {
        var own = stored.Actor.Kind switch
        {
            Kinds.Registry => "project:" + stored.Actor.Name,
            Kinds.Agent => "agent:" + stored.Actor.Name,
            Kinds.Detector => "repository:" + stored.Actor.Name,
            _ => null,
        };
        return (own, stored.Channels.Length) switch
        {
            (null, 0) => [],
            (null, _) => stored.Channels.Split('\n'),
            (_, 0) => [own],
            _ => [own, .. stored.Channels.Split('\n')],
        };
    }

    /// <summary>The one that an event shows first: its epic where it has one, else the project or the agent that it happened in.</summary>
    /// <param name="channels">Of the event.</param>
    public static string First(string[] channels) =>
        Array.Find(channels, channel => channel.StartsWith("epic:", StringComparison.Ordinal)) ?? (channels is [var own, ..] ? own : "");
}
