using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AgentCluster.Domain;

namespace AgentCluster.Bridge.Handles;

/// <summary>
/// The secret handles of agents. A handle is derived from the cluster's secret, the agent's id and the number of its
/// rotation, so it is stored nowhere and can be given again to a repeat of the request that made it.
/// </summary>
/// <param name="secret">The cluster's secret; at least 32 random bytes, the same on every node.</param>
internal sealed class AgentHandles(ReadOnlyMemory<byte> secret)
{
    /// <summary>What every handle begins with, so that a leaked one is recognised.</summary>
    public const string Prefix = "acl_";

    /// <summary>The handle of an agent: the prefix, the agent's id, a dot, and the proof.</summary>
    /// <param name="agent">The agent's id.</param>
    /// <param name="rotation">How often its handle was changed.</param>
    public Secret Derive(string agent, int rotation)
    {
        Span<byte> proof = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Prove(agent, rotation, proof);
        return new($"{Prefix}{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(agent))}.{Base64Url.EncodeToString(proof)}");
    }

    /// <summary>The agent that a handle claims to be of; null when it has not the form of a handle.</summary>
    /// <param name="presented">As presented.</param>
    public static string? AgentOf(Secret presented)
    {
        var handle = presented.Reveal();
        var dot = handle.LastIndexOf('.');
        if (!handle.StartsWith(Prefix, StringComparison.Ordinal) || dot < Prefix.Length)
        {
            return null;
        }

        var encoded = handle.AsSpan(Prefix.Length, dot - Prefix.Length);
        var agent = Base64Url.IsValid(encoded) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(encoded)) : null;
        return Storable.IsName(agent) ? agent : null;
    }

    /// <summary>Whether a handle is the agent's current one. Takes the same time for every wrong one.</summary>
    /// <param name="handle">As presented.</param>
    /// <param name="agent">From <see cref="AgentOf"/>.</param>
    /// <param name="rotation">The agent's current one.</param>
    public bool IsRight(Secret handle, string agent, int rotation) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(handle.Reveal()), Encoding.UTF8.GetBytes(Derive(agent, rotation).Reveal()));

    private void Prove(string agent, int rotation, Span<byte> proof)
    {
        var name = Encoding.UTF8.GetBytes(agent);
        Span<byte> message = new byte[sizeof(int) + name.Length];
        BinaryPrimitives.WriteInt32BigEndian(message, rotation);
        name.CopyTo(message[sizeof(int)..]);
        HMACSHA256.HashData(secret.Span, message, proof);
    }
}
