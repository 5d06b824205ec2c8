using AgentCluster.Actors;

namespace AgentCluster.Runtime.Mail;

/// <summary>What makes a command a message of another actor: who sent it, and its number in that pair, without gaps.</summary>
/// <param name="From">The sender.</param>
/// <param name="Number">1 for the pair's first.</param>
/// <param name="Name">Versioned name of the command on disk.</param>
/// <param name="Payload">The command as written.</param>
/// <param name="Generation">Of the store when it was read there or written: in another one it may never have been sent.</param>
internal sealed record Letter(ActorId From, long Number, string Name, ReadOnlyMemory<byte> Payload, int Generation);
