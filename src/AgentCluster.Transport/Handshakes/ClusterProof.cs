using System.Security.Cryptography;
using System.Text;

namespace AgentCluster.Transport.Handshakes;

/// <summary>
/// What a node knows because it is of the cluster: a key made of the cluster's secret, and the cluster's id, which is made of it too
/// and tells nothing about it.
/// </summary>
internal sealed class ClusterProof
{
    /// <summary>Bytes of a proof.</summary>
    public const int Bytes = 32;

    /// <summary>Bytes of a cluster's id.</summary>
    public const int IdBytes = 16;

    private readonly byte[] _key;

    public ClusterProof(ReadOnlySpan<byte> secret)
    {
        _key = HMACSHA256.HashData(secret, "agentcluster/node-to-node/key/1"u8);
        Id = HMACSHA256.HashData(secret, "agentcluster/node-to-node/cluster/1"u8).AsMemory(0, IdBytes);
    }

    /// <summary>The same on every node of a cluster.</summary>
    public ReadOnlyMemory<byte> Id { get; }

    /// <summary>Proves that who says this is of the cluster.</summary>
    /// <param name="step">Of the handshake: a proof of one step is none of another.</param>
    /// <param name="said">All that was said so far.</param>
    /// <param name="into">32 bytes.</param>
    public void Make(string step, ReadOnlySpan<byte> said, Span<byte> into)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hash.AppendData(Encoding.ASCII.GetBytes(step));
        hash.AppendData([0]);
        hash.AppendData(said);
        hash.GetHashAndReset(into);
    }

    /// <summary>Whether a proof is right. Takes as long for a wrong one.</summary>
    public bool Holds(string step, ReadOnlySpan<byte> said, ReadOnlySpan<byte> proof)
    {
        Span<byte> expected = stackalloc byte[Bytes];
        Make(step, said, expected);
        return CryptographicOperations.FixedTimeEquals(expected, proof);
    }
}
