using System.Text.Json.Serialization;

namespace AgentCluster.Domain.Keys;

/// <summary>What has happened to keys. Names on disk carry a version and are never reused.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(KeyIssued), "key-issued.v1")]
[JsonDerivedType(typeof(KeyRevoked), "key-revoked.v1")]
public abstract record KeysEvent
{
    private KeysEvent()
    {
    }

    /// <summary>A key is good from now on.</summary>
    /// <param name="Key">The key.</param>
    /// <param name="By">Who issued it.</param>
    public sealed record KeyIssued(AccessKey Key, Author By) : KeysEvent;

    /// <summary>A key is good no more.</summary>
    /// <param name="Key">Which.</param>
    /// <param name="At">UTC.</param>
    /// <param name="By">Who revoked it.</param>
    public sealed record KeyRevoked(KeyId Key, DateTimeOffset At, Author By) : KeysEvent;
}
