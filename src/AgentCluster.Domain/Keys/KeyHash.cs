using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Keys;

/// <summary>
/// What is kept of a key's secret. The secret is 256 random bits, so one round of SHA-256 cannot be turned back by
/// guessing, and needs no salt.
/// </summary>
/// <param name="Value">64 lower-case hexadecimal digits.</param>
[JsonConverter(typeof(NameJson<KeyHash>))]
public readonly record struct KeyHash(string Value) : IName<KeyHash>
{
    /// <inheritdoc/>
    public static KeyHash Of(string value) => new(value);

    /// <summary>The hash of a whole key, its prefix included.</summary>
    /// <param name="key">The key.</param>
    public static KeyHash Of(Secret key) => new(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.Reveal()))));

    /// <inheritdoc/>
    public override string ToString() => Value;
}
