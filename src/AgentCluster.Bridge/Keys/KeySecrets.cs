using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AgentCluster.Bridge.Handles;
using AgentCluster.Domain;
using AgentCluster.Domain.Keys;

namespace AgentCluster.Bridge.Keys;

/// <summary>
/// The secrets of keys: 256 bits, derived from the cluster's secret and the key's id, so that a repeat of the request that
/// issued one is answered the same and nothing of it is stored.
/// </summary>
/// <param name="secret">The cluster's secret; at least 32 random bytes, the same on every node.</param>
internal sealed class KeySecrets(ReadOnlyMemory<byte> secret)
{
    // Handles are derived from the cluster's secret itself; no handle can ever come out as a key.
    private readonly byte[] _secret = HMACSHA256.HashData(secret.Span, "agentcluster key"u8);

    /// <summary>The secret of a key.</summary>
    /// <param name="key">Its id.</param>
    public Secret Derive(KeyId key) =>
        new(AgentHandles.Prefix + Base64Url.EncodeToString(HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes(key.Value))));
}
