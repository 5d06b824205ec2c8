using System.Text.Json.Serialization;
using AgentCluster.Actors;

namespace AgentCluster.Domain.Keys;

/// <summary>What can be asked of the registry of keys. Closed: every case is in this file. None travels as a message.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "command")]
[JsonDerivedType(typeof(IssueKey), "issue-key.v1")]
[JsonDerivedType(typeof(RevokeKey), "revoke-key.v1")]
[JsonDerivedType(typeof(ReadKeys), "read-keys.v1")]
public abstract record KeysCommand : ICommand
{
    private KeysCommand()
    {
    }

    /// <summary>Issues a key.</summary>
    /// <param name="Key">The key, checked; its times are set by the turn.</param>
    /// <param name="LifeSeconds">How long it is good for, 1 to <see cref="AccessKey.LongestLifeSeconds"/>; null for ever.</param>
    /// <param name="By">Who issues it.</param>
    public sealed record IssueKey(
        AccessKey Key, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? LifeSeconds, Author By) : KeysCommand, ICommand<KeyReply>;

    /// <summary>Revokes a key. Every node refuses it within a second.</summary>
    /// <param name="Key">Which.</param>
    /// <param name="By">Who revokes it.</param>
    public sealed record RevokeKey(KeyId Key, Author By) : KeysCommand, ICommand<KeyReply>;

    /// <summary>Reads all keys, unless the asker knows them.</summary>
    /// <param name="Known">The version that the asker has; below 0 for none.</param>
    public sealed record ReadKeys(long Known) : KeysCommand, ICommand<KeysReply>, IReading;
}

/// <summary>Who does something to a key, and in which request, for the audit.</summary>
/// <param name="Who">The principal's name.</param>
/// <param name="Request">The request's id.</param>
public sealed record Author(string Who, string Request);

/// <summary>The answer to a command about one key.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "reply")]
[JsonDerivedType(typeof(Done), "key-done.v1")]
[JsonDerivedType(typeof(Unknown), "key-unknown.v1")]
[JsonDerivedType(typeof(TooMany), "keys-too-many.v1")]
public abstract record KeyReply
{
    private KeyReply()
    {
    }

    /// <summary>It was issued, or revoked.</summary>
    /// <param name="Key">The key, without its secret: that is derived from the id again.</param>
    public sealed record Done(AccessKey Key) : KeyReply;

    /// <summary>There is no such key, or no more.</summary>
    public sealed record Unknown : KeyReply;

    /// <summary>There are as many keys as there may be.</summary>
    /// <param name="Most">The bound.</param>
    public sealed record TooMany(int Most) : KeyReply;
}

/// <summary>The answer to <see cref="KeysCommand.ReadKeys"/>.</summary>
/// <param name="Version">Grows with each key issued or revoked.</param>
/// <param name="Keys">Oldest first; null when the asker knows this version.</param>
public sealed record KeysReply(long Version, ValueList<AccessKey>? Keys = null);
