using AgentCluster.Actors;

namespace AgentCluster.TestKit.Probes;

/// <summary>What reached a probe.</summary>
/// <param name="Message">A command, or a reply.</param>
/// <param name="From">The actor that told or answered; null when the message came from outside of all actors.</param>
/// <param name="To">The actor that the probe stood in for; null for a reply.</param>
/// <param name="At">Simulated time.</param>
internal sealed record Received(object Message, ActorId? From, ActorId? To, TimeSpan At)
{
    public override string ToString()
    {
        var from = From is { } sender ? $" from {sender}" : "";
        var to = To is { } receiver ? $" to {receiver}" : "";
        return $"{At:c}{from}{to}: {Message}";
    }
}
