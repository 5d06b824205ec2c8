using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AgentCluster.Actors;

namespace AgentCluster.Runtime;

/// <summary>Hashes that are the same in every process, version and machine. What they answer is on disk: never change them.</summary>
public static class StableHash
{
    private const ulong Basis = 14695981039346656037;

    /// <summary>The shard of an actor: FNV-1a over the UTF-16 code units of <c>kind/name</c>, mixed, modulo the count.</summary>
    /// <param name="actor">The actor.</param>
    /// <param name="shards">How many shards there are; at least 1.</param>
    public static int Shard(ActorId actor, int shards) =>
        (int)(Spread(Mix(Mix(Mix(Basis, actor.Kind), "/"), actor.Name)) % (ulong)shards);

    /// <summary>A text as 64 bits, all of which depend on all of it. Quick, and no secret: whoever chooses texts can make two meet.</summary>
    /// <param name="text">Any.</param>
    public static ulong Text(string text) => Spread(Mix(Basis, text));

    /// <summary>
    /// The id of a remembered command: the first 128 bits of SHA-256 over actor, principal and key, because callers
    /// choose the key and must not be able to meet somebody else's.
    /// </summary>
    /// <param name="actor">Who was asked.</param>
    /// <param name="id">The caller's name for the command.</param>
    public static UInt128 Command(ActorId actor, CommandId id) => Digest($"{actor}\n{id.Principal}\n{id.Key}");

    /// <summary>A checksum that tells a damaged payload from a whole one.</summary>
    /// <param name="payload">Any bytes.</param>
    public static long Checksum(ReadOnlySpan<byte> payload)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(payload, digest);
        return BinaryPrimitives.ReadInt64BigEndian(digest);
    }

    private static UInt128 Digest(string text)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), digest);
        return BinaryPrimitives.ReadUInt128BigEndian(digest);
    }

    private static ulong Spread(ulong hash)
    {
        hash ^= hash >> 33;
        hash *= 0xff51afd7ed558ccd;
        return hash ^ (hash >> 33);
    }

    private static ulong Mix(ulong hash, string text)
    {
        foreach (var unit in text)
        {
            hash = (hash ^ (byte)unit) * 1099511628211;
            hash = (hash ^ (byte)(unit >> 8)) * 1099511628211;
        }

        return hash;
    }
}
