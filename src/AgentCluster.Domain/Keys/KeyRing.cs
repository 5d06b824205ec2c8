using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace AgentCluster.Domain.Keys;

/// <summary>All keys at one version, to find the one that a caller presents. Immutable.</summary>
/// <param name="version">Grows with each key issued or revoked.</param>
/// <param name="keys">Every key that was issued and not revoked.</param>
public sealed class KeyRing(long version, IEnumerable<AccessKey> keys)
{
    private const int IndexLength = 16;

    // By the beginning of the hash, which tells an attacker nothing; what follows is compared in constant time.
    private readonly FrozenDictionary<string, AccessKey[]> _keys = keys
        .GroupBy(key => key.Hash.Value[..IndexLength])
        .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);

    /// <summary>Which state of the keys this is; 0 before the first is issued.</summary>
    public long Version => version;

    /// <summary>The key of this secret; null when there is none. Whether it has expired is for the caller to see.</summary>
    /// <param name="presented">As presented.</param>
    public AccessKey? Find(Secret presented)
    {
        var hash = KeyHash.Of(presented).Value;
        AccessKey? found = null;
        foreach (var key in _keys.GetValueOrDefault(hash[..IndexLength], []))
        {
            found = CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(key.Hash.Value)) ? key : found;
        }

        return found;
    }
}
